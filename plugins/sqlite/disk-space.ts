import fs from 'node:fs'
import path from 'node:path'
import type { NewMessage } from 'ainative-code'
import { temporaryFile } from 'ainative-code'
import { BUSY_MS, type Connection } from './connection.ts'

/** With less free space than this, in bytes, a transaction of an import first reserves space and empties the -wal file. */
const TIGHT = 64 << 20
const MARGIN = 128 << 10
const CHUNK = 64 << 10
/** The largest database, in used pages, that `vacuum` rewrites to return free pages to the disk: 64 MB. */
const MAX_VACUUM = 16_384

/** Estimates the size of a session in the database, in bytes. */
export function sizeOf(messages: NewMessage[]): number {
  let size = 2000
  for (const { content, parts, extra } of messages) {
    size += 1000 + Buffer.byteLength(content)
    if (parts || extra) size += JSON.stringify([parts, extra]).length
  }
  return size
}

/**
 * Runs a transaction that writes about `bytes` bytes. SQLite writes the data twice: to the -wal file, and at the next checkpoint to the
 * database. If the disk has no space for the second write, the -wal file can never shrink. On a nearly full disk this function therefore
 * reserves space for the second write before the transaction.
 */
export async function withReservedSpace<T>(connection: Connection, bytes: number, work: () => Promise<T>): Promise<T> {
  if (freeSpace(connection) > TIGHT + 4 * bytes) return work()
  truncateWal(connection)
  const release = reserve(path.dirname(connection.name), Math.ceil(1.5 * bytes) + MARGIN)
  try {
    return await work()
  } finally {
    release()
    truncateWal(connection)
  }
}

/** The free space on the disk of a database, in bytes. */
export function freeSpace(connection: Connection): number {
  const { bavail, bsize } = fs.statfsSync(path.dirname(connection.name))
  return bavail * bsize
}

/**
 * Reserves disk space with an unlinked file, which the system removes at the latest when this process ends. Returns the release function.
 */
function reserve(folder: string, bytes: number): () => void {
  const file = temporaryFile(folder)
  const fd = fs.openSync(file, 'wx', 0o600)
  try {
    fs.rmSync(file)
    const zeros = Buffer.alloc(CHUNK)
    for (let left = bytes; left > 0; left -= CHUNK) fs.writeFileSync(fd, zeros)
  } catch (error) {
    fs.closeSync(fd)
    throw error
  }
  return () => fs.closeSync(fd)
}

/** Moves the content of the -wal file to the database and truncates the -wal file, unless another process is using it. Never throws. */
export const truncateWal = (connection: Connection): void => attempt(connection, () => connection.pragma('wal_checkpoint(truncate)'))

/** Returns free pages to the disk if they make up most of the database. Never throws. */
export function shrinkDatabase(connection: Connection): void {
  attempt(connection, () => {
    const pages = connection.pragma('page_count', { simple: true }) as number
    const free = connection.pragma('freelist_count', { simple: true }) as number
    if (free * 2 > pages && pages - free < MAX_VACUUM) connection.exec('vacuum')
  })
  truncateWal(connection)
}

/** Runs optional work without waiting for locks. Ignores its errors, because the next start tries again. */
function attempt(connection: Connection, work: () => void): void {
  connection.pragma('busy_timeout = 0')
  try {
    work()
  } catch {
    // The disk may be full, or another process may be reading.
  } finally {
    connection.pragma(`busy_timeout = ${BUSY_MS}`)
  }
}
