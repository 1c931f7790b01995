import type { Host } from './host.ts'
import { isCommand } from './line.ts'
import { isOpen } from './words.ts'

/** What goes on for longer has a quote too few. */
const MAX_LINES = 1000
const MAX_LENGTH = 2_000_000

/** Whether a line of the shell or of a script goes on in the next one: within quotes, after a backslash, or where an expression has no end. */
export async function needsMore(host: Host, text: string): Promise<boolean> {
  const line = text.trim()
  if (line.length > MAX_LENGTH || line.split('\n', MAX_LINES).length === MAX_LINES) return false
  if (!line || line.startsWith('#')) return false
  if (isCommand(host, line)) return isOpen(line)
  return line.endsWith('\\') || (await host.hooks.incomplete.promise(line)) === true
}
