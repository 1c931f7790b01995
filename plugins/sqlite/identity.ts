import fs from 'node:fs'
import type { Connection } from './connection.ts'
import { realPath } from './database.ts'
import { NOT_READ, removedProblem } from './database-problem.ts'
import { stampInFile, stampOf } from './database-stamp.ts'

/** Detects that the files of an open database were removed or replaced: writes to such files would be lost. */
export interface Identity {
  /** Throws a Problem if a file was removed or replaced; `about` states the consequence. */
  check(about: string): void
  /** Throws a Problem if the content of the database file was replaced, for example by cp. */
  checkContent(): void
  /** True if closing is safe: SQLite writes the -wal file to the database at the close. */
  mayClose(): boolean
}

/** The time for which a check of the content stays valid, in milliseconds, because one command reads several times. */
const FRESH_MS = 50

const inodeOf = (file: string) => {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat && `${stat.dev}:${stat.ino}`
}

function isUnused(file: string, inode: string | undefined): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return !stat || stat.size === 0 || inodeOf(file) === inode
}

/** Records the identity of a database that was just opened. */
export function recordIdentity(connection: Connection, file: string): Identity {
  const real = realPath(file)
  const files = [file, `${real}-wal`, `${real}-shm`]
  const inodes = files.map(inodeOf)
  const findReplaced = () => files.find((each, i) => inodes[i] !== undefined && inodeOf(each) !== inodes[i])
  let stamp = stampInFile(file) ?? 0
  let checked = Date.now()
  /** True if the content of the file was replaced. Only a checkpoint changes the stamp in the file: it increases, at most to SQLite's stamp. */
  const isSwapped = () => {
    const now = stampInFile(file) ?? 0
    if (now < stamp || now > stampOf(connection)) return true
    stamp = now
    return false
  }
  return {
    check(about) {
      const other = findReplaced()
      if (other) throw removedProblem(other, about)
      if (isSwapped()) throw removedProblem(file, about)
    },
    checkContent() {
      if (Date.now() - checked < FRESH_MS) return
      checked = Date.now()
      if (inodeOf(file) === inodes[0] && isSwapped()) throw removedProblem(file, NOT_READ)
    },
    mayClose() {
      const before = stamp
      if (inodeOf(file) !== inodes[0] || isSwapped()) return false
      // SQLite can still write a removed -wal file to the database, unless another process has created a new -wal file.
      return findReplaced() === undefined || (stamp === before && files.slice(1).every((each, i) => isUnused(each, inodes[i + 1])))
    },
  }
}
