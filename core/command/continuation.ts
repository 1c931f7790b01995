import type { Host } from '../contract/host.ts'
import { isCommand } from './run-line.ts'
import { isOpen } from './words.ts'

/** A longer text has a quote or a bracket too few. */
const MAX_LINES = 1000
const MAX_LENGTH = 2_000_000

const isFull = (text: string) => text.length > MAX_LENGTH || text.split('\n', MAX_LINES).length === MAX_LINES

/** Whether a text of several lines is longer than any command or expression may be. */
export const isTooLong = (text: string) => text.includes('\n') && isFull(text)

/** Whether a line of the shell or of a script goes on in the next one: within quotes, after a backslash, or where an expression has no end. */
export async function needsMore(host: Host, text: string): Promise<boolean> {
  const line = text.trim()
  if (!line || line.startsWith('#') || isFull(line)) return false
  if (isCommand(host, line)) return isOpen(line)
  return line.endsWith('\\') || (await host.hooks.incomplete.promise(line)) === true
}
