import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from './folder.ts'
import { resolveNewFile } from './new-file.ts'
import { temporaryFile } from './temporary-file.ts'

/**
 * Replaces a file of the user as a whole, or creates it with its folder. Only the user can read the file (mode 0600). A symbolic link
 * stays a link. Throws for a file that is read-only.
 */
export function replacePrivateFile(file: string, text: string): void {
  makeFolder(path.dirname(file), 0o700)
  const target = resolveNewFile(file)
  if (fs.existsSync(target)) fs.accessSync(target, fs.constants.W_OK)
  const temporary = temporaryFile(path.dirname(target))
  try {
    fs.writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    fs.renameSync(temporary, target)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}
