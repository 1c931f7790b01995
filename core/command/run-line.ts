import type { Host, Io } from '../contract/host.ts'
import type { LineOptions } from '../contract/view.ts'
import { Problem, usage } from '../kernel/problem.ts'
import { contextOf, execute } from './execute.ts'
import { findCommand, textCommand } from './find-command.ts'
import { suggestCommand } from './suggest-command.ts'
import { splitWords } from './words.ts'

/** The options of every command, which allow a command to run further lines. */
const options = (host: Host) => ({
  runLine: (line: string | readonly string[], io: Io, lineOptions: LineOptions) => runNested(host, line, io, lineOptions),
})

/** Runs one line of the shell or of a script: a command, or else a line that a plugin handles, such as an expression. Stores the data as `$_`. */
export async function runLine(host: Host, line: string, io: Io): Promise<void> {
  const text = line.trim()
  if (!text || text.startsWith('#')) return
  if (isCommand(host, text)) storeResult(host, await execute(host, wordsOf(text), io, options(host)))
  else await runExpression(host, text, io)
}

/** Runs the command of a one-shot start. */
export const runCommand = (host: Host, words: readonly string[], io: Io): Promise<unknown> => execute(host, words, io, options(host))

/** Returns the context of a line of a mode. */
export const contextFor = (host: Host, io: Io) => contextOf(host, io, 'text', options(host))

/** The maximum number of nested commands. */
const MAX_RUNS = 50

/** Runs a line for a command. The nested command has an empty standard input, because the lines of a script are not input for it. */
async function runNested(
  host: Host,
  line: string | readonly string[],
  io: Io,
  { script, dryRun, silent, enters, stdin }: LineOptions,
): Promise<unknown> {
  const depth = (io.depth ?? 0) + 1
  if (depth > MAX_RUNS) throw new Problem('recursion', `commands are nested more than ${MAX_RUNS} levels deep`)
  const inner: Io = {
    ...io,
    depth,
    dryRun: dryRun ?? io.dryRun,
    scripts: [...(io.scripts ?? []), ...(script === undefined ? [] : [script])],
    enter: enters ? io.enter : undefined,
    // Not imported at the top of the file, because few starts need streams.
    stdin: stdin ? io.stdin : () => process.getBuiltinModule('node:stream').Readable.from([]),
  }
  if (typeof line === 'string' && !silent) return runLine(host, line, inner)
  const words = typeof line !== 'string' ? line : isCommand(host, line.trim()) ? wordsOf(line.trim()) : expressionWords(host, line)
  return execute(host, words, inner, { ...options(host), silent })
}

const wordsOf = (text: string) => splitWords(text.replace(/^ainative-code\s+/, ''))

/** Stores the last result as the variable `_`. */
function storeResult(host: Host, data: unknown): void {
  if (data !== undefined) host.variables.set('_', data)
}

/** Returns the words of the command that handles a line which is not a command. Throws a usage Problem if no plugin returns one. */
function expressionWords(host: Host, text: string): readonly string[] {
  const words = host.hooks.line.call(text)
  if (words) return words
  throw usage(`unknown command ${JSON.stringify(text.split(/\s/, 1)[0])}`, suggestCommand(text, host.commands().all()))
}

/** Runs a line that is not a command. For a syntax error, the hint names the closest command. */
async function runExpression(host: Host, text: string, io: Io): Promise<void> {
  try {
    await execute(host, expressionWords(host, text), io, { ...options(host), line: true })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'syntax') throw error
    const hint = suggestCommand(text, host.commands().all()) ?? textHintOf(host, text) ?? 'help lists the commands'
    throw usage(`not a command, and ${error.message}`, hint)
  }
}

/** Returns the hint for a line that is neither a command nor an expression. */
function textHintOf(host: Host, text: string): string | undefined {
  const { textHint, name } = textCommand(host) ?? {}
  return textHint && `${textHint}: ${name} ${JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)}`
}

/** The maximum length of a text in a hint. */
const MAX_SHOWN = 60

/** True if the first words name a command or a group. Aliases that are only valid in argv do not count. */
export function isCommand(host: Host, text: string): boolean {
  const words = text.replace(/^ainative-code\s+/, '').split(/\s+/, 3)
  const found = findCommand(host, words)
  if (found) return !found.entry.argvAliases?.includes(found.name)
  return host
    .commands()
    .names()
    .some((name) => name.startsWith(`${words[0]} `))
}
