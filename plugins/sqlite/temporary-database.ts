import fs from 'node:fs'

/** Creates an empty file that only its owner can read. Throws if the file exists. */
export const createPrivate = (file: string) => fs.closeSync(fs.openSync(file, 'wx', 0o600))

/** Removes a temporary database and its journal, -wal and -shm files. Never throws. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) {
    try {
      fs.rmSync(`${file}${end}`, { force: true })
    } catch {
      // An error here would hide the error of the copy itself; a later run removes leftover files.
    }
  }
}
