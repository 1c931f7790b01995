import fs from 'node:fs'
import path from 'node:path'
import type { NewMessage } from 'ainative-code'
import { BUSY_MS, type Connection } from './open.ts'

/** With less free space than this, in bytes, the -wal file is emptied before each part of an import. */
const TIGHT = 64 << 20
const MARGIN = 128 << 10
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
 * Fails where the disk has too little room for a transaction of this size. A transaction is written twice, to the -wal file and at the
 * next checkpoint to the database, and without room for the second the space of the first cannot be freed.
 */
export function ensureRoom(connection: Connection, bytes: number): void {
  const free = () => {
    const { bavail, bsize } = fs.statfsSync(path.dirname(connection.name))
    return bavail * bsize
  }
  if (free() > TIGHT + 4 * bytes) return
  emptyLog(connection)
  if (free() < 2 * bytes + MARGIN) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
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
