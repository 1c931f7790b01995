import fs from 'node:fs'
import { type Host, oneLine } from 'ainative-code'
import { databasePath } from '../../sqlite/index.ts'

// The message is in a file, because a command that reads no session does not open the database.
const fileOf = (host: Host) => `${databasePath(host)}.sync-error`

/** Stores the message of a failed sync in the background. The next command shows the message. */
export function saveFailure(host: Host, message: string): void {
  fs.writeFileSync(fileOf(host), message, { mode: 0o600 })
}

/** Removes the stored message of a failed sync. */
export const removeFailure = (host: Host): void => fs.rmSync(fileOf(host), { force: true })

/** The commands without the warning: `zerodb status` shows the failure itself, and `session sync` syncs again. */
const WITHOUT_WARNING = ['zerodb status', 'session sync']

/** Warns once about a failed sync in the background. */
export function warnOfFailure(host: Host, warn: (text: string) => void, command: string): void {
  const file = fileOf(host)
  if (!fs.existsSync(file)) return
  try {
    const message = fs.readFileSync(file, 'utf8')
    // Only the process that removes the file warns, if several processes read it.
    fs.unlinkSync(file)
    if (!WITHOUT_WARNING.includes(command)) warn(`the sync in the background failed: ${oneLine(message)}; see ainative-code zerodb status`)
  } catch {
    // Another process warns, or the folder cannot be written: then every command would repeat the warning.
  }
}
