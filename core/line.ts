import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { Problem } from './problem.ts'
import { execute, findCommand } from './run.ts'
import { splitWords } from './words.ts'

/** Runs one line of the shell or of a script: a command where the first word is one, else a JSONata expression. */
export async function runLine(host: Host, line: string, io: Io): Promise<void> {
  const text = line.trim()
  if (!text || text.startsWith('#')) return
  if (isCommand(host, text)) return execute(host, splitWords(text.replace(/^ainative-code\s+/, '')), io)
  if (!host.commands().find('query')) throw new Problem('no-query', `there is no command ${JSON.stringify(text.split(/\s/, 1)[0])}`)
  await execute(host, ['query', '--', text], io, true)
}

/** Whether the first words name a command or a group of them; aliases that are JSONata names too do not count here. */
export function isCommand(host: Host, text: string): boolean {
  const words = text.replace(/^ainative-code\s+/, '').split(/\s+/, 3)
  const found = findCommand(host, words)
  if (found) return !found.entry.argvAliases?.includes(found.name)
  return host
    .commands()
    .names()
    .some((name) => name.startsWith(`${words[0]} `))
}
