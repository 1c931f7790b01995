import type { Host } from '../contract/host.ts'
import { isCommand } from './run-line.ts'
import { isOpen } from './words.ts'

/** The limits of a command or expression over several lines; a longer text has an unclosed quote or bracket. */
const MAX_LINES = 1000
const MAX_LENGTH = 2_000_000

const isFull = (text: string) => text.length > MAX_LENGTH || text.split('\n', MAX_LINES).length === MAX_LINES

/** True if a text of several lines exceeds the limits of a command or expression. */
export const isTooLong = (text: string) => text.includes('\n') && isFull(text)

/** True if a line continues on the next line: inside quotes, after a backslash, or in an incomplete expression. */
export async function needsMore(host: Host, text: string): Promise<boolean> {
  const line = text.trim()
  if (!line || line.startsWith('#') || isFull(line)) return false
  if (isCommand(host, line)) return isOpen(line)
  return line.endsWith('\\') || (await host.hooks.incomplete.promise(line)) === true
}
