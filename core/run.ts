import { withAbsent } from './absent.ts'
import { readArgv } from './argv.ts'
import { builtFields } from './built.ts'
import { type AnyCommand, type CommandEntry, type Context, loadCommand } from './command.ts'
import { harmless } from './harmless.ts'
import { commandHelp, commandsHelp } from './help.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { suggestion } from './nearest.ts'
import { render } from './output.ts'
import { Problem, usage } from './problem.ts'

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

/** Runs the command that these words name and writes its result: the only way a command is run. `asText` prefers its text form. */
export async function execute(host: Host, words: readonly string[], io: Io, asText = false): Promise<void> {
  try {
    await run(host, words, io, asText)
  } catch (error) {
    throw withAbsent(host.plugins, error)
  }
}

async function run(host: Host, words: readonly string[], io: Io, asText: boolean): Promise<void> {
  const found = findCommand(host, words)
  if (!found) return runGroup(host, words, io)
  const command = await loadCommand(found.entry)
  const { input, format, help } = readArgv(command, found.rest, builtFields()[command.name], host.config.defaults.format)
  if (help) return io.write(commandHelp(command, found.entry))
  const data = await command.run(input, contextOf(host, io, format))
  await show(command, data, asText ? 'text' : format, io)
}

function contextOf(host: Host, io: Io, format: string): Context {
  const { stdin, signal, interactive, note, progress, ask, write, fail } = io
  const safely = interactive ? (chunk: string) => write(harmless(chunk)) : write
  return { host, stdin, signal, interactive, note: (text) => note(harmless(text)), progress, ask, write: safely, fail, format }
}

/** Writes a command's data in the format asked for. */
async function show(command: Pick<AnyCommand, 'print' | 'pager' | 'styled'>, data: unknown, format: string, io: Io): Promise<void> {
  const raw = render(command, data, format, io.view)
  const text = io.interactive && !(command.styled && format !== 'json') ? harmlessly(raw) : raw
  if (command.pager && io.page) return io.page(text)
  for await (const chunk of text) {
    io.signal.throwIfAborted()
    await io.write(chunk)
  }
}

async function* harmlessly(text: AsyncIterable<string>): AsyncIterable<string> {
  for await (const chunk of text) yield harmless(chunk)
}

/** A bare group shows its commands; anything else is unknown. */
async function runGroup(host: Host, words: readonly string[], io: Io): Promise<void> {
  const entries = host.commands().all()
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const group = groupOf(names, words[0] ?? '')
  const second = words.slice(1).find((word) => !['-h', '--help', '--debug', '--no-plugins'].includes(word))
  if (group && second === undefined) return io.write(commandsHelp(entries, group))
  if (group === undefined && words[0]?.startsWith('-'))
    throw usage(`there is no flag ${words[0]}`, 'ainative-code --help lists all commands')
  const meant = group ? `${group} ${second}` : (words[0] ?? '')
  throw new Problem('no-command', `there is no command ${JSON.stringify(meant)}`, {
    hint:
      suggestion(meant, group ? names : [...names, ...names.map((name) => name.split(' ')[0] as string)]) ??
      'ainative-code help lists all commands',
    exit: 2,
  })
}

const groupOf = (names: string[], word: string) => (names.some((name) => name.startsWith(`${word} `)) ? word : undefined)
