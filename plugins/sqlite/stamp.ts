import fs from 'node:fs'
import { codeOf, Problem, sleepSync } from 'ainative-code'
import type { Connection } from './open.ts'

/*
 * The stamp of a database is SQLite's `user_version`, a number in its header. It starts at a random multiple of 4096, and every
 * transaction increments it. So the -wal file holds the stamps of its transactions, and a database file whose own stamp is not among
 * them (or just before them) is another one, or an older copy, that was put in the place of the one that the -wal belongs to.
 */

/** Where the stamp stands in the header of a database, in bytes. */
const OFFSET = 60
const START = 4096
const STARTS = 2 ** 18
const WAL_HEADER = 32
const FRAME_HEADER = 24

/** Increments the stamp; the caller holds the write transaction. */
export function stampNext(db: Connection): void {
  db.pragma(`user_version = ${nextStamp(stampOf(db))}`)
}

/** The stamp as SQLite sees it, -wal included. */
export const stampOf = (db: Connection) => db.pragma('user_version', { simple: true }) as number

export const nextStamp = (stamp: number) => (stamp > 0 ? stamp + 1 : START * (1 + Math.floor(Math.random() * (STARTS - 1))))

/** The stamp in the database file alone; undefined where the file is missing or empty. */
export const stampInFile = (file: string): number | undefined => withFile(file, (fd) => numberAt(fd, OFFSET))

/** Refuses a -wal file that belongs to another database: SQLite would mix the pages of both. */
export function checkWal(file: string): void {
  const wal = `${file}-wal`
  // A checkpoint of another process may fall between the reads.
  for (let attempts = 5; ; attempts--) {
    const fault = faultOf(file, wal)
    if (!fault) return
    if (attempts === 1) throw fault
    sleepSync(20)
  }
}

function faultOf(file: string, wal: string): Problem | undefined {
  const log = withFile(wal, (fd) => ({ stamps: [...readStamps(fd)], modified: modifiedAt(fd), salts: bytesAt(fd, 16, 8) }))
  const [first] = log?.stamps ?? []
  if (!log || first === undefined) return undefined
  const database = withFile(file, (fd) => ({ stamp: numberAt(fd, OFFSET), modified: modifiedAt(fd) }))
  const { stamp, modified } = database ?? { stamp: undefined, modified: 0 }
  const moveAway = `mv '${wal}' '${wal}.old'`
  const isKnown = stamp === 0 ? first % START === 0 : stamp === first - 1 || log.stamps.includes(stamp ?? 0)
  if (!isKnown)
    return new Problem('stale-wal', `${file} was replaced or removed, but ${wal} belongs to the database that was there before`, {
      hint: `end every ainative-code, then run: ${moveAway}`,
    })
  // The file is an older state of the same database, and SQLite would bring back what the -wal file holds.
  if (stamp === log.stamps.at(-1) || modified <= log.modified || isCheckpointed(file, log.salts)) return undefined
  return new Problem('stale-wal', `${file} was changed after ${wal}, as when a backup is copied over a database`, {
    hint: `end every ainative-code; to keep the file as it is: ${moveAway}; to keep the newest changes: touch '${wal}'`,
  })
}

/** Where the -shm file has the salts of its -wal file, and how many frames a checkpoint has begun to copy to the database. */
const SHM_SALTS = 32
const SHM_ATTEMPTED = 128

/** True if a checkpoint of this -wal file wrote to the database. While another process reads an older state, the checkpoint leaves out page 1. */
const isCheckpointed = (file: string, salts: Buffer) =>
  withFile(`${file}-shm`, (fd) => bytesAt(fd, SHM_SALTS, 8).equals(salts) && bytesAt(fd, SHM_ATTEMPTED, 4).some((byte) => byte !== 0)) ??
  false

const modifiedAt = (fd: number) => fs.fstatSync(fd).mtimeMs

/** The stamps of the transactions in a -wal file, in order: those of its copies of page 1. */
function* readStamps(fd: number): Iterable<number> {
  const header = bytesAt(fd, 0, WAL_HEADER)
  if (header.length < WAL_HEADER) return
  const pageSize = header.readUInt32BE(8)
  let stamp: number | undefined
  for (let at = WAL_HEADER; ; at += FRAME_HEADER + pageSize) {
    const frame = bytesAt(fd, at, FRAME_HEADER)
    // Frames with other salts are left over from before the last checkpoint.
    if (frame.length < FRAME_HEADER || frame.compare(header, 16, 24, 8, 16) !== 0) return
    if (frame.readUInt32BE(0) === 1) stamp = numberAt(fd, at + FRAME_HEADER + OFFSET)
    const ends = frame.readUInt32BE(4) !== 0
    if (ends && stamp !== undefined) yield stamp
    if (ends) stamp = undefined
  }
}

function numberAt(fd: number, position: number): number | undefined {
  const bytes = bytesAt(fd, position, 4)
  return bytes.length === 4 ? bytes.readInt32BE(0) : undefined
}

function bytesAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, position))
}

/** Reads from a file; undefined where it is missing. A FIFO in its place does not block. */
function withFile<T>(file: string, read: (fd: number) => T): T | undefined {
  let fd: number
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    return read(fd)
  } finally {
    fs.closeSync(fd)
  }
}
