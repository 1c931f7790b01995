import fs from 'node:fs'

/** Creates an empty file that only its owner can read. */
export const createPrivate = (file: string) => fs.closeSync(fs.openSync(file, 'wx', 0o600))

/** Removes a temporary database with the files that SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) {
    try {
      fs.rmSync(`${file}${end}`, { force: true })
    } catch {
      // The error of the work counts, not this one; a later run removes what is left.
    }
  }
}
