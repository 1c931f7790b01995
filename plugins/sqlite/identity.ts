import fs from 'node:fs'
import { realPath } from './database.ts'
import type { Connection } from './open.ts'
import { gone, NOT_READ } from './problem.ts'
import { stampInFile, stampOf } from './stamp.ts'

/** Watches whether the files of an open database are still the ones at its path: what is written to others is lost. */
export interface Identity {
  /** Throws where a file was removed or replaced. */
  check(about: string): void
  /** Throws where the content of the database file was replaced, such as by cp. */
  checkContent(): void
  /** Whether closing the database, which writes the -wal file into it, harms nothing. */
  mayClose(): boolean
}

/** One command reads several times within so many milliseconds; one look at the file is enough for all of them. */
const FRESH_MS = 50

const inodeOf = (file: string) => {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat && `${stat.dev}:${stat.ino}`
}

function isUnused(file: string, inode: string | undefined): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return !stat || stat.size === 0 || inodeOf(file) === inode
}

/** Takes the identity of a database that was just opened. */
export function takeIdentity(connection: Connection, file: string): Identity {
  const real = realPath(file)
  const files = [file, `${real}-wal`, `${real}-shm`]
  const inodes = files.map(inodeOf)
  const changed = () => files.find((each, i) => inodes[i] !== undefined && inodeOf(each) !== inodes[i])
  let stamp = stampInFile(file) ?? 0
  let checked = Date.now()
  /** Checkpoints alone change the stamp in the file: forward, and at most to the one that SQLite sees. */
  const isSwapped = () => {
    const now = stampInFile(file) ?? 0
    if (now < stamp || now > stampOf(connection)) return true
    stamp = now
    return false
  }
  return {
    check(about) {
      const other = changed()
      if (other) throw gone(other, about)
      if (isSwapped()) throw gone(file, about)
    },
    checkContent() {
      if (Date.now() - checked < FRESH_MS) return
      checked = Date.now()
      if (inodeOf(file) === inodes[0] && isSwapped()) throw gone(file, NOT_READ)
    },
    mayClose() {
      const before = stamp
      if (inodeOf(file) !== inodes[0] || isSwapped()) return false
      // A removed -wal file can still be written into the database, as long as no other process has begun a new one.
      return changed() === undefined || (stamp === before && files.slice(1).every((each, i) => isUnused(each, inodes[i + 1])))
    },
  }
}
