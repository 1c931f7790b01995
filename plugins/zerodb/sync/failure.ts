import fs from 'node:fs'
import { type Host, oneLine } from 'ainative-code'
import { databasePath } from '../../sqlite/index.ts'

// A file, because a start that reads no session does not open the database for this.
const fileOf = (host: Host) => `${databasePath(host)}.sync-error`

/** Keeps the message of a failed sync in the background until the next command shows it. */
export function noteFailure(host: Host, message: string): void {
  fs.writeFileSync(fileOf(host), message, { mode: 0o600 })
}

/** Drops the message of a failure that no command has shown yet. */
export const dropFailure = (host: Host): void => fs.rmSync(fileOf(host), { force: true })

/** Commands that show the failure themselves, or sync anew. */
const AWARE = ['zerodb status', 'session sync']

/** Shows a failed sync in the background once. */
export function warnOfFailure(host: Host, warn: (text: string) => void, command: string): void {
  const file = fileOf(host)
  if (!fs.existsSync(file)) return
  try {
    const message = fs.readFileSync(file, 'utf8')
    // Of several processes, the one that removes the file shows it.
    fs.unlinkSync(file)
    if (!AWARE.includes(command)) warn(`the sync in the background failed: ${oneLine(message)}; see ainative-code zerodb status`)
  } catch {
    // Another process shows it, or the folder cannot be written: then it would come with every command.
  }
}
