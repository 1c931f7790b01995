import type { AnyCommand, CommandEntry, Context, Host, Io } from '../contract/host.ts'
import type { LineOptions, TextOutput } from '../contract/view.ts'
import { Problem, usage } from '../kernel/problem.ts'
import { type BufferedNotes, bufferNotes } from '../output/buffered-notes.ts'
import { paintsJson, paintsScreen, readLeadingFlags, withDisplayFlags } from '../output/display-flags.ts'
import { escapeControls } from '../output/escape-controls.ts'
import { isPlainFormat, render } from '../output/render.ts'
import { isRowStream, isStream, mapText, rowsOf, toShownText } from '../output/streams.ts'
import { withDates } from '../session/dates.ts'
import { readArgv } from './argv.ts'
import { loadCommand } from './command.ts'
import { findCommand, textCommand } from './find-command.ts'
import { helpTexts, jsonColors } from './lazy-modules.ts'
import { nearestCommand } from './suggest-command.ts'
import { hintUnloadedPlugins } from './unloaded-plugins.ts'
import { quoteWord } from './words.ts'

/** Options of a command's execution. */
export interface RunOptions {
  /** True for a line of the shell that is not a command: its result is printed as text. */
  line?: boolean
  /** True to return the data without writing it. */
  silent?: boolean
  /** True if a flag chose the format. */
  hasFormatFlag?: boolean
  /** Runs a line for a command. An option and not an import, because run-line.ts imports this file. */
  runLine?(line: string | readonly string[], io: Io, options: LineOptions): Promise<unknown>
}

/** Runs the command that these words name, writes its result and returns its data. Every command runs through this function. */
export async function execute(host: Host, words: readonly string[], io: Io, options: RunOptions = {}): Promise<unknown> {
  try {
    return await run(host, words, io, options)
  } catch (error) {
    throw hintUnloadedPlugins(host.plugins, error)
  }
}

async function run(host: Host, words: readonly string[], outer: Io, options: RunOptions): Promise<unknown> {
  const found = findCommand(host, words)
  if (!found) return runGroup(host, words, outer)
  const command = await loadCommand(found.entry)
  const read = () =>
    readArgv(command, found.rest, 'inputFields' in found.entry ? found.entry.inputFields : undefined, host.config.defaults.format)
  const { input, format, hasFormatFlag, displayFlags, help, projection, header } = await withDates(read)
  const notes = bufferNotes(withDisplayFlags(header ? outer : { ...outer, view: { ...outer.view, header } }, displayFlags, host))
  const { io } = notes
  if (help) return writeHelp(command, found.entry, io)
  if (!io.depth && !options.silent && !found.entry.hidden)
    host.hooks.warnings.call((text) => io.note(escapeControls(`warning: ${text}`)), command.name)
  if (io.dryRun && changes(command, input)) {
    if (!('dryRun' in input)) return io.write(`would run: ${words.map(quoteWord).join(' ')}\n`)
    input.dryRun = true
  }
  const applyProjection =
    projection && (await (await import('./projection.ts')).prepareProjection(host, command, projection, changes(command, input)))
  const whole = await command.run(input, contextOf(host, io, format, { ...options, hasFormatFlag }))
  const projected = await applyProjection?.(rowsOf(whole), format, io.signal, (text) => io.note(text))
  const data = projected ? projected.data : whole
  const output = options.runLine ? withResult(data) : { data, value: () => undefined }
  if (!options.silent) await show(projected?.command ?? command, output.data, options.line ? 'text' : (projected?.format ?? format), notes)
  return options.silent && isStream(rowsOf(data)) ? collectAll(data) : output.value()
}

async function writeHelp(command: AnyCommand, entry: CommandEntry, { view, write }: Io): Promise<void> {
  const { commandPage, renderPage } = await helpTexts()
  await write(renderPage(commandPage(command, entry), view))
}

/** True if the command writes for this input. */
const changes = ({ writes }: AnyCommand, input: unknown) => (typeof writes === 'function' ? writes(input) : writes !== false)

/** The maximum number of rows that stay as the last result; a longer stream leaves no result. */
const MAX_RESULT_ROWS = 10_000

/** Returns the data to write, and a function that returns the last result `$_` afterwards. */
function withResult(data: unknown): { data: unknown; value(): unknown } {
  const stream = rowsOf(data)
  if (!isStream(stream)) return { data, value: () => data }
  let resultRows: unknown[] | undefined = []
  const copyRows = async function* () {
    for await (const row of stream) {
      if (resultRows && resultRows.push(row) > MAX_RESULT_ROWS) resultRows = undefined
      yield row
    }
  }
  return { data: isRowStream(data) ? { ...data, rows: copyRows() } : copyRows(), value: () => resultOf(data, resultRows) }
}

async function collectAll(data: unknown): Promise<unknown> {
  const rows: unknown[] = []
  for await (const row of rowsOf(data) as AsyncIterable<unknown>) rows.push(row)
  return resultOf(data, rows)
}

/** Returns the result of a RowStream, if it has one, or else the rows. */
const resultOf = (data: unknown, rows: unknown[] | undefined) => (isRowStream(data) && data.result ? data.result() : rows)

/** Returns the context of a command or a mode. */
export function contextOf(
  host: Host,
  io: Io,
  format: string,
  { line = false, silent, hasFormatFlag = false, runLine }: RunOptions,
): Context {
  const { stdin, signal, interactive, view, note, progress, ask, write, fail, enter, scripts = [] } = io
  const safely = interactive ? (chunk: string) => write(escapeControls(chunk)) : write
  return {
    ...{ host, stdin, signal, interactive, view, progress, ask, fail, format, hasFormatFlag, line, scripts },
    ...(!silent && { enter }),
    paintsScreen: paintsScreen(io, host),
    show: (text) => writeText(text, io),
    note: (text, style) => note(escapeControls(text), style),
    write: silent ? async () => undefined : safely,
    async runLine(line, options = {}) {
      if (!runLine) throw new Problem('no-lines', 'this command cannot run other commands here')
      return runLine(line, io, options)
    },
  }
}

/** Writes text as it arrives. At an abort, writes the buffered rest at once, before the next prompt appears. */
async function writeText(text: TextOutput, { signal, write }: Io): Promise<void> {
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

/** Writes the data of a command in a format. */
async function show(
  command: Pick<AnyCommand, 'print' | 'pager' | 'styled'>,
  data: unknown,
  format: string,
  notes: BufferedNotes,
): Promise<void> {
  const { io } = notes
  const raw = await render(command, data, format, io.view)
  const safe = io.interactive && (!command.styled || isPlainFormat(format)) ? mapText(raw, escapeControls) : raw
  const text = io.interactive ? notes.watch(safe) : safe
  const shown = format === 'json' && typeof data === 'object' && paintsJson(io) ? (await jsonColors()).paintJson(text.chunks) : text
  try {
    if (command.pager && io.page) await io.page(toShownText(shown).chunks)
    else await writeText(shown, io)
  } finally {
    notes.flush()
  }
}

/** Shows the help of a command group. Throws a Problem for any other words, because they name no command. */
async function runGroup(host: Host, words: readonly string[], io: Io): Promise<void> {
  const entries = host.commands().all()
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const group = groupOf(names, words[0] ?? '')
  const [second] = readLeadingFlags(words.slice(1)).words
  if (group && second === undefined) return void (await run(host, ['help', group], io, {}))
  if (group === undefined && words[0]?.startsWith('-')) throw usage(`unknown flag ${words[0]}`, 'ainative-code --help lists all commands')
  const name = group ? `${group} ${second}` : (words[0] ?? '')
  const close = nearestCommand(group ? name : words.slice(0, 2).join(' '), entries)
  const candidate = group === undefined && !words.some((word) => word.startsWith('-')) ? textCommand(host) : undefined
  const ask = candidate && `${candidate.textHint}: ainative-code ${candidate.name} ${quoteWord(words.join(' '))}`
  const isText = /\s/.test(words[0] ?? '')
  throw new Problem('no-command', `unknown command ${JSON.stringify(name)}`, {
    hint:
      (isText && ask) ||
      (close && `did you mean ${close}?`) ||
      (words.length > 2 && ask) ||
      `ainative-code ${group ? `${group} --help lists its` : 'help lists all'} commands`,
    exit: 2,
  })
}

/** Returns the word if it is the first word of several commands. */
const groupOf = (names: string[], word: string) => (names.some((name) => name.startsWith(`${word} `)) ? word : undefined)
