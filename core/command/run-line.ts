import type { Host, Io } from '../contract/host.ts'
import type { LineOptions } from '../contract/view.ts'
import { Problem, usage } from '../kernel/problem.ts'
import { contextOf, execute, findCommand, textCommand } from './execute.ts'
import { suggestCommand } from './suggest-command.ts'
import { splitWords } from './words.ts'

const options = (host: Host) => ({
  runLine: (line: string | readonly string[], io: Io, given: LineOptions) => runWithin(host, line, io, given),
})

/** Runs one line of the shell or of a script: a command where the first word is one, else a JSONata expression. Its data stays as `$_`. */
export async function runLine(host: Host, line: string, io: Io): Promise<void> {
  const text = line.trim()
  if (!text || text.startsWith('#')) return
  if (isCommand(host, text)) await keep(host, await execute(host, wordsOf(text), io, options(host)))
  else await runExpression(host, text, io)
}

/** Runs the one command of a start of the program. */
export const runCommand = (host: Host, words: readonly string[], io: Io): Promise<unknown> => execute(host, words, io, options(host))

/** The context that a mode gets for a line. */
export const contextFor = (host: Host, io: Io) => contextOf(host, io, 'text', options(host))

const MAX_RUNS = 50

/** A line that a command runs: the lines of a script are no input for the commands in it. */
async function runWithin(
  host: Host,
  line: string | readonly string[],
  io: Io,
  { script, dryRun, silent, enters, stdin }: LineOptions,
): Promise<unknown> {
  const depth = (io.depth ?? 0) + 1
  if (depth > MAX_RUNS) throw new Problem('recursion', `commands that run each other, ${MAX_RUNS} deep`)
  const inner: Io = {
    ...io,
    depth,
    dryRun: dryRun ?? io.dryRun,
    scripts: [...(io.scripts ?? []), ...(script === undefined ? [] : [script])],
    enter: enters ? io.enter : undefined,
    // Not imported at the top, because few starts need it.
    stdin: stdin ? io.stdin : () => process.getBuiltinModule('node:stream').Readable.from([]),
  }
  if (typeof line === 'string' && !silent) return runLine(host, line, inner)
  const words = typeof line !== 'string' ? line : isCommand(host, line.trim()) ? wordsOf(line.trim()) : expressionWords(host, line)
  return execute(host, words, inner, { ...options(host), silent })
}

const wordsOf = (text: string) => splitWords(text.replace(/^ainative-code\s+/, ''))

function keep(host: Host, data: unknown): void {
  if (data !== undefined) host.variables.set('_', data)
}

/** The words of the command that runs a line which is not a command. Throws a usage Problem if no plugin offers one. */
function expressionWords(host: Host, text: string): readonly string[] {
  const words = host.hooks.line.call(text)
  if (words) return words
  throw usage(`unknown command ${JSON.stringify(text.split(/\s/, 1)[0])}`, suggestCommand(text, host.commands().all()))
}

async function runExpression(host: Host, text: string, io: Io): Promise<void> {
  try {
    await execute(host, expressionWords(host, text), io, { ...options(host), line: true })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'syntax') throw error
    const hint = suggestCommand(text, host.commands().all()) ?? hintFor(host, text) ?? 'help lists the commands'
    throw usage(`not a command, and ${error.message}`, hint)
  }
}

/** The hint for a line that is neither a command nor an expression. */
function hintFor(host: Host, text: string): string | undefined {
  const { textHint, name } = textCommand(host) ?? {}
  return textHint && `${textHint}: ${name} ${JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text)}`
}

const MOST_SHOWN = 60

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
