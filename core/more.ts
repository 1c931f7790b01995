import type { Host } from './host.ts'
import { isCommand } from './line.ts'
import { isOpen } from './words.ts'

/** Whether a line of the shell or of a script goes on in the next one: within quotes, after a backslash, or where an expression has no end. */
export async function needsMore(host: Host, text: string): Promise<boolean> {
  const line = text.trim()
  if (!line || line.startsWith('#')) return false
  if (isCommand(host, line)) return isOpen(line)
  return line.endsWith('\\') || (await host.hooks.incomplete.promise(line)) === true
}
