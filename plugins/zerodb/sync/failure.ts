import fs from 'node:fs'
import { type Host, oneLine } from 'ainative-code'
import { databasePath } from '../../sqlite/index.ts'

// The message is in a file, because a command that reads no session does not open the database.
const fileOf = (host: Host) => `${databasePath(host)}.sync-error`

/** Stores the message of a failed sync in the background. The next command shows the message. On a full disk, the file stays empty. */
export function saveFailure(host: Host, message: string): void {
  try {
    fs.writeFileSync(fileOf(host), message, { mode: 0o600 })
  } catch {
    // The failure of the sync must not be replaced by this one.
  }
}

/** Removes the stored message of a failed sync. */
export const removeFailure = (host: Host): void => fs.rmSync(fileOf(host), { force: true })

/** The command that shows a stored message itself. */
const STATUS = 'zerodb status'
/** The command that syncs again, and so shows the reason of a failure. */
const SYNC = 'session sync'

/** Warns once about a failed sync in the background. */
export function warnOfFailure(host: Host, warn: (text: string) => void, command: string): void {
  const file = fileOf(host)
  if (!fs.existsSync(file)) return
  const message = readFailure(file)
  try {
    // Only the process that removes the file warns, if several processes read it.
    fs.unlinkSync(file)
  } catch {
    // Another process warns, or the folder cannot be written: then every command would repeat the warning.
    return
  }
  // A full disk keeps neither this message nor that of zerodb status.
  const text = message ? `${message}; see ainative-code ${STATUS}` : `${UNKNOWN}; ainative-code ${SYNC} shows it`
  if (command !== SYNC && !(message && command === STATUS)) warn(`the sync in the background failed: ${text}`)
}

const UNKNOWN = 'its reason could not be stored, because the disk was full'

/** Reads the stored message as one line; empty if it was not stored or cannot be read. */
function readFailure(file: string): string {
  try {
    return oneLine(fs.readFileSync(file, 'utf8')).trim()
  } catch {
    return ''
  }
}
