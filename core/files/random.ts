import fs from 'node:fs'

const POOL = 512
let pool = new Uint8Array()
let used = 0

/** Returns up to 512 random bytes of the system's generator. Reads its device as a file, since the global `crypto` takes 4 ms to load. */
export function randomBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    pool = fill(new Uint8Array(POOL))
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

function fill(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  try {
    const device = fs.openSync('/dev/urandom', 'r')
    try {
      if (fs.readSync(device, bytes) === bytes.length) return bytes
    } finally {
      fs.closeSync(device)
    }
  } catch {
    // Not every system has this device.
  }
  return crypto.getRandomValues(bytes)
}
