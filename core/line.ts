import type { LineOptions } from './command.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { suggestCommand } from './nearest.ts'
import { Problem, usage } from './problem.ts'
import { contextOf, execute, findCommand, textCommand } from './run.ts'
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
  { script, dryRun, silent, enters }: LineOptions,
): Promise<unknown> {
  const depth = (io.depth ?? 0) + 1
  if (depth > MAX_RUNS) throw new Problem('recursion', `commands that run each other, ${MAX_RUNS} deep`)
  const inner: Io = {
    ...io,
    depth,
    dryRun: dryRun ?? io.dryRun,
    scripts: [...(io.scripts ?? []), ...(script === undefined ? [] : [script])],
    enter: enters ? io.enter : undefined,
    // Not imported: few starts need it.
    stdin: () => process.getBuiltinModule('node:stream').Readable.from([]),
  }
  if (typeof line === 'string' && !silent) return runLine(host, line, inner)
  const words = typeof line !== 'string' ? line : isCommand(host, line.trim()) ? wordsOf(line.trim()) : ['query', '--', line]
  return execute(host, words, inner, { ...options(host), silent })
}

const wordsOf = (text: string) => splitWords(text.replace(/^ainative-code\s+/, ''))

function keep(host: Host, data: unknown): void {
  if (data !== undefined) host.variables.set('_', data)
}

async function runExpression(host: Host, text: string, io: Io): Promise<void> {
  const near = () => suggestCommand(text, host.commands().all())
  if (!host.commands().find('query')) throw usage(`there is no command ${JSON.stringify(text.split(/\s/, 1)[0])}`, near())
  try {
    const inner: Io = { ...io, note: (note) => io.note(note === 'no match' && near() ? `no match; ${near()}` : note) }
    await execute(host, ['query', '--', text], inner, { ...options(host), line: true })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not-jsonata') throw error
    throw usage(
      `this is no command, and no JSONata either: ${error.message.replace(/^this is not JSONata: /, '')}`,
      near() ?? hintFor(host, text) ?? 'help lists the commands',
    )
  }
}

/** The hint for a line that is neither a command nor JSONata. */
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
