import type { AnyCommand, CommandEntry, Context, Host, Io } from '../contract/host.ts'
import type { LineOptions, TextOutput } from '../contract/view.ts'
import { Problem, usage } from '../kernel/problem.ts'
import { harmless } from '../output/harmless.ts'
import { type HeldNotes, holdNotes } from '../output/held-notes.ts'
import { paintsJson, paintsScreen, readLeading, withLook } from '../output/look.ts'
import { isPlainFormat, render } from '../output/render.ts'
import { isRowStream, isStream, mapText, rowsOf, toShownText } from '../output/streams.ts'
import { withDates } from '../session/dates.ts'
import { readArgv } from './argv.ts'
import { loadCommand } from './command.ts'
import { helpTexts, jsonColors } from './lazy-modules.ts'
import { nearestCommand } from './suggest-command.ts'
import { withAbsent } from './unloaded-plugins.ts'
import { quoteWord } from './words.ts'

export interface Found {
  entry: CommandEntry
  /** The words that named it. */
  name: string
  rest: string[]
}

/** The command that the first words name, as many of them as fit. */
export function findCommand(host: Host, words: readonly string[]): Found | undefined {
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const name = words.slice(0, count).join(' ')
    const entry = host.commands().find(name)
    if (entry) return { entry, name, rest: words.slice(count) }
  }
  return undefined
}

/** The command that a hint proposes for a text that is no command. */
export const textCommand = (host: Host) =>
  host
    .commands()
    .all()
    .find(({ textHint }) => textHint !== undefined)

/** How words are run. */
export interface RunOptions {
  /** They are a line that is no command: its text form is preferred. */
  line?: boolean
  /** For the data alone: it is not written. */
  silent?: boolean
  /** A flag chose the format. */
  hasFormatFlag?: boolean
  /** Runs a line for a command; core/line.ts has it, which needs this file. */
  runLine?(line: string | readonly string[], io: Io, options: LineOptions): Promise<unknown>
}

/** Runs the command that these words name, writes its result and gives its data: the only way a command is run. */
export async function execute(host: Host, words: readonly string[], io: Io, options: RunOptions = {}): Promise<unknown> {
  try {
    return await run(host, words, io, options)
  } catch (error) {
    throw withAbsent(host.plugins, error)
  }
}

async function run(host: Host, words: readonly string[], given: Io, options: RunOptions): Promise<unknown> {
  const found = findCommand(host, words)
  if (!found) return runGroup(host, words, given)
  const command = await loadCommand(found.entry)
  const read = () =>
    readArgv(command, found.rest, 'inputFields' in found.entry ? found.entry.inputFields : undefined, host.config.defaults.format)
  const { input, format, hasFormatFlag, look, help, narrow, header } = await withDates(read)
  const notes = holdNotes(withLook(header ? given : { ...given, view: { ...given.view, header } }, look, host))
  const { io } = notes
  if (help) return writeHelp(command, found.entry, io)
  if (io.dryRun && changes(command, input)) {
    if (!('dryRun' in input)) return io.write(`would run: ${words.map(quoteWord).join(' ')}\n`)
    input.dryRun = true
  }
  const narrowing = narrow && (await (await import('./projection.ts')).prepareNarrow(host, command, narrow, changes(command, input)))
  const whole = await command.run(input, contextOf(host, io, format, { ...options, hasFormatFlag }))
  const narrowed = await narrowing?.(rowsOf(whole), format, io.signal, (text) => io.note(text))
  const data = narrowed ? narrowed.data : whole
  const kept = options.runLine ? keeping(data) : { data, value: () => undefined }
  if (!options.silent) await show(narrowed?.command ?? command, kept.data, options.line ? 'text' : (narrowed?.format ?? format), notes)
  return options.silent && isStream(rowsOf(data)) ? collectAll(data) : kept.value()
}

async function writeHelp(command: AnyCommand, entry: CommandEntry, { view, write }: Io): Promise<void> {
  const { commandPage, renderPage } = await helpTexts()
  await write(renderPage(commandPage(command, entry), view))
}

const changes = ({ writes }: AnyCommand, input: unknown) => (typeof writes === 'function' ? writes(input) : writes !== false)

/** Rows of a stream that are kept as the last result; of a longer one nothing is. */
const MAX_KEPT = 10_000

/** Data that is written, and what of it stays as `$_` afterwards. */
function keeping(data: unknown): { data: unknown; value(): unknown } {
  const stream = rowsOf(data)
  if (!isStream(stream)) return { data, value: () => data }
  let kept: unknown[] | undefined = []
  const passing = async function* () {
    for await (const row of stream) {
      if (kept && kept.push(row) > MAX_KEPT) kept = undefined
      yield row
    }
  }
  return { data: isRowStream(data) ? { ...data, rows: passing() } : passing(), value: () => resultOf(data, kept) }
}

async function collectAll(data: unknown): Promise<unknown> {
  const rows: unknown[] = []
  for await (const row of rowsOf(data) as AsyncIterable<unknown>) rows.push(row)
  return resultOf(data, rows)
}

/** The result of a RowStream that has one, or else the rows. */
const resultOf = (data: unknown, rows: unknown[] | undefined) => (isRowStream(data) && data.result ? data.result() : rows)

/** What a command, or a mode, is given beside its input. */
export function contextOf(
  host: Host,
  io: Io,
  format: string,
  { line = false, silent, hasFormatFlag = false, runLine }: RunOptions,
): Context {
  const { stdin, signal, interactive, view, note, progress, ask, write, fail, enter, scripts = [] } = io
  const safely = interactive ? (chunk: string) => write(harmless(chunk)) : write
  return {
    ...{ host, stdin, signal, interactive, view, progress, ask, fail, format, hasFormatFlag, line, scripts },
    ...(!silent && { enter }),
    paintsScreen: paintsScreen(io, host),
    show: (text) => pour(text, io),
    note: (text, style) => note(harmless(text), style),
    write: silent ? async () => undefined : safely,
    async runLine(given, options = {}) {
      if (!runLine) throw new Problem('no-lines', 'lines cannot be run from here')
      return runLine(given, io, options)
    },
  }
}

/** Writes text as it comes, and at an abort what it still holds: later would be too late, the prompt may stand there. */
async function pour(text: TextOutput, { signal, write }: Io): Promise<void> {
  const { chunks, rest } = toShownText(text)
  const writeRest = () => void write(rest?.() ?? '').catch(() => undefined)
  signal.addEventListener('abort', writeRest)
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted()
      await write(chunk)
    }
  } finally {
    signal.removeEventListener('abort', writeRest)
  }
}

/** Writes a command's data in the format asked for. */
async function show(
  command: Pick<AnyCommand, 'print' | 'pager' | 'styled'>,
  data: unknown,
  format: string,
  notes: HeldNotes,
): Promise<void> {
  const { io } = notes
  const raw = await render(command, data, format, io.view)
  const safe = io.interactive && (!command.styled || isPlainFormat(format)) ? mapText(raw, harmless) : raw
  const text = io.interactive ? notes.watch(safe) : safe
  const shown = format === 'json' && typeof data === 'object' && paintsJson(io) ? (await jsonColors()).paintJson(text.chunks) : text
  try {
    if (command.pager && io.page) await io.page(toShownText(shown).chunks)
    else await pour(shown, io)
  } finally {
    notes.flush()
  }
}

/** A bare group shows its commands; anything else is unknown. */
async function runGroup(host: Host, words: readonly string[], io: Io): Promise<void> {
  const entries = host.commands().all()
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const group = groupOf(names, words[0] ?? '')
  const [second] = readLeading(words.slice(1)).words
  if (group && second === undefined) return void (await run(host, ['help', group], io, {}))
  if (group === undefined && words[0]?.startsWith('-'))
    throw usage(`there is no flag ${words[0]}`, 'ainative-code --help lists all commands')
  const meant = group ? `${group} ${second}` : (words[0] ?? '')
  const close = nearestCommand(group ? meant : words.slice(0, 2).join(' '), entries)
  const taker = group === undefined && !words.some((word) => word.startsWith('-')) ? textCommand(host) : undefined
  const ask = taker && `${taker.textHint}: ainative-code ${taker.name} ${quoteWord(words.join(' '))}`
  const isText = /\s/.test(words[0] ?? '')
  throw new Problem('no-command', `there is no command ${JSON.stringify(meant)}`, {
    hint:
      (isText && ask) ||
      (close && `did you mean ${close}?`) ||
      (words.length > 2 && ask) ||
      `ainative-code ${group ? `${group} --help lists its` : 'help lists all'} commands`,
    exit: 2,
  })
}

const groupOf = (names: string[], word: string) => (names.some((name) => name.startsWith(`${word} `)) ? word : undefined)
