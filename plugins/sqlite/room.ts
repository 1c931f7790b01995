import fs from 'node:fs'
import path from 'node:path'
import type { NewMessage } from 'ainative-code'
import { temporaryFile } from 'ainative-code'
import { BUSY_MS, type Connection } from './open.ts'

/** With less free space than this, in bytes, an import reserves room and empties the -wal file around each transaction. */
const TIGHT = 64 << 20
const MARGIN = 128 << 10
const CHUNK = 64 << 10
/** The most pages of content that are rewritten to give free pages back to the disk: 64 MB. */
const MAX_VACUUM = 16_384

/** About how many bytes a session takes in the database. */
export function sizeOf(messages: NewMessage[]): number {
  let size = 2000
  for (const { content, parts, extra } of messages) {
    size += 1000 + Buffer.byteLength(content)
    if (parts || extra) size += JSON.stringify([parts, extra]).length
  }
  return size
}

/**
 * Runs a transaction of about this size. It is written twice, to the -wal file and at the next checkpoint to the database. Without room
 * for the second, the space of the first could not be freed, so on a small disk that room is reserved beforehand.
 */
export async function withRoom<T>(connection: Connection, bytes: number, work: () => Promise<T>): Promise<T> {
  if (freeSpace(connection) > TIGHT + 4 * bytes) return work()
  emptyLog(connection)
  const release = reserve(path.dirname(connection.name), Math.ceil(1.5 * bytes) + MARGIN)
  try {
    return await work()
  } finally {
    release()
    emptyLog(connection)
  }
}

/** The free space of the disk under a database, in bytes. */
export function freeSpace(connection: Connection): number {
  const { bavail, bsize } = fs.statfsSync(path.dirname(connection.name))
  return bavail * bsize
}

/** Takes disk space by a file without a name, which the system removes at the latest with this process. */
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

/** Moves the content of the -wal file to the database and truncates it, where no other process holds it up. */
export const emptyLog = (connection: Connection): void => attempt(connection, () => connection.pragma('wal_checkpoint(truncate)'))

/** Gives the space of removed rows back to the disk, where they were most of the database. */
export function giveBack(connection: Connection): void {
  attempt(connection, () => {
    const pages = connection.pragma('page_count', { simple: true }) as number
    const free = connection.pragma('freelist_count', { simple: true }) as number
    if (free * 2 > pages && pages - free < MAX_VACUUM) connection.exec('vacuum')
  })
  emptyLog(connection)
}

/** Tidies up without waiting for locks: where it fails, the next start tries again. */
function attempt(connection: Connection, work: () => void): void {
  connection.pragma('busy_timeout = 0')
  try {
    work()
  } catch {
    // The disk may be full, or another process may read.
  } finally {
    connection.pragma(`busy_timeout = ${BUSY_MS}`)
  }
}
