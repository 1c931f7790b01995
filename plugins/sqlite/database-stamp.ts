import fs from 'node:fs'
import { codeOf, Problem, sleepSync } from 'ainative-code'
import type { Connection } from './connection.ts'

/*
 * The stamp of a database is SQLite's `user_version`, a number in the database header. The stamp starts at a random multiple of 4096,
 * and every transaction increments it. The -wal file therefore contains the stamps of its transactions. If the stamp of the database
 * file is neither one of these nor the number before the first of these, the database file was replaced after the -wal file was written.
 */

/** The byte offset of the stamp in a database header. */
const OFFSET = 60
const START = 4096
const STARTS = 2 ** 18
const WAL_HEADER = 32
const FRAME_HEADER = 24

/** Increments the stamp of a database. The caller holds the write transaction. */
export function incrementStamp(db: Connection): void {
  db.pragma(`user_version = ${nextStamp(stampOf(db))}`)
}

/** Reads the current stamp through SQLite, which includes the -wal file. */
export const stampOf = (db: Connection) => db.pragma('user_version', { simple: true }) as number

/** Computes the stamp that follows another one; a random start value follows 0. */
export const nextStamp = (stamp: number) => (stamp > 0 ? stamp + 1 : START * (1 + Math.floor(Math.random() * (STARTS - 1))))

/** Reads the stamp from the database file without the -wal file; undefined if the file is missing or empty. */
export const stampInFile = (file: string): number | undefined => withFile(file, (fd) => numberAt(fd, OFFSET))

/** Throws a Problem if the -wal file belongs to another database: SQLite would mix the pages of both. */
export function checkWal(file: string): void {
  const wal = `${file}-wal`
  // Another process may run a checkpoint between the two reads.
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
    return new Problem('stale-wal', `${file} was replaced or removed, but ${wal} belongs to the previous database`, {
      hint: `stop every ainative-code process, then run: ${moveAway}`,
    })
  // If the file is an older state of the same database, SQLite applies the newer changes of the -wal file again.
  if (stamp === log.stamps.at(-1) || modified <= log.modified || isCheckpointed(file, log.salts)) return undefined
  return new Problem('stale-wal', `${file} was changed after ${wal}, for example because a backup was copied over the database`, {
    hint: `stop every ainative-code process; to keep the copied file: ${moveAway}; to keep the newest changes: touch '${wal}'`,
  })
}

/** The byte offsets in a -shm file of the salts of the -wal file, and of the number of frames that a checkpoint started to copy. */
const SHM_SALTS = 32
const SHM_ATTEMPTED = 128

/**
 * True if a checkpoint of this -wal file wrote to the database. The stamp does not show such a checkpoint: while another process reads an
 * older state, the checkpoint skips page 1, which holds the stamp.
 */
const isCheckpointed = (file: string, salts: Buffer) =>
  withFile(`${file}-shm`, (fd) => bytesAt(fd, SHM_SALTS, 8).equals(salts) && bytesAt(fd, SHM_ATTEMPTED, 4).some((byte) => byte !== 0)) ??
  false

const modifiedAt = (fd: number) => fs.fstatSync(fd).mtimeMs

/** Reads the stamps of the transactions in a -wal file, in order, from its copies of page 1. */
function* readStamps(fd: number): Iterable<number> {
  const header = bytesAt(fd, 0, WAL_HEADER)
  if (header.length < WAL_HEADER) return
  const pageSize = header.readUInt32BE(8)
  let stamp: number | undefined
  for (let at = WAL_HEADER; ; at += FRAME_HEADER + pageSize) {
    const frame = bytesAt(fd, at, FRAME_HEADER)
    // Frames with other salts are leftovers from before the last checkpoint.
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

/** Calls `read` with the open file; undefined if the file is missing. Opening a FIFO does not block. */
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
