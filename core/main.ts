import { findCommand } from './command/execute.ts'
import { exitCodeOf, reportOf, SIGNAL_CODES } from './command/report.ts'
import { runCommand } from './command/run-line.ts'
import type { Host, Mode, Terminal } from './contract/host.ts'
import type { Look } from './contract/view.ts'
import { exitProcess } from './kernel/exit.ts'
import { giveUpPending, pendingTitles } from './kernel/pending-promises.ts'
import { codeOf, Problem } from './kernel/problem.ts'
import { load } from './loading/load-host.ts'
import { harmless } from './output/harmless.ts'
import { processIo } from './output/io.ts'
import { readLeading, withLook } from './output/look.ts'
import { writeNote } from './output/write.ts'

/** The process edge: picks the front end, prints problems, sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const debug = argv.includes('--debug')
  const plugins = !argv.includes('--no-plugins')
  const interrupt = new AbortController()
  watchEnd(debug)
  try {
    const { look, help, words } = readLeading(argv)
    process.exitCode = await open(help ? ['help'] : words, interrupt, { debug, plugins, look })
  } catch (error) {
    finish(error, interrupt.signal, debug)
  }
}

/** Ends the run where an error is thrown that nobody waits for, or where the run waits for a promise that nothing can settle. */
function watchEnd(debug: boolean): void {
  process.exitCode = undefined
  const fail = (error: unknown) => {
    writeNote(reportOf(error, debug))
    exitProcess(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  process.on('beforeExit', () => {
    if (giveUpPending()) return
    if (process.exitCode === undefined)
      fail(new Problem('unsettled', 'the command never finished: a promise never settled', { hint: HINT }))
    // At a natural end Node closes every open database, also one that a store left open because its file was replaced.
    exitProcess()
  })
}

const HINT = '--no-plugins runs it without the plugins of the config'

interface Options {
  debug: boolean
  plugins: boolean
  look: Look
}

/** Runs one command, and the mode that it enters on the terminal. Returns the exit code. */
async function open(words: readonly string[], interrupt: AbortController, { debug, plugins, look }: Options): Promise<number> {
  let exit = 0
  const host = await load(process.env, { plugins })
  const line = lineOf(host, words)
  if (host.config.problems.length > 0) settle(host, line, !plugins)
  // Until here, a signal ends the process at once, while plugins load.
  watchProcess(interrupt)
  const streams = processIo(process.env, interrupt.signal, () => {
    exit = 1
  })
  const io = withLook(streams, look, host)
  try {
    const entered: Mode[] = []
    await runCommand(host, line, { ...io, enter: (mode) => void entered.push(mode) })
    if (entered[0]) exit = await runMode(host, { io, debug, mode: entered[0] })
    return exit
  } finally {
    await host.close()
    if (host.config.files.length > 0) endSoon()
  }
}

/** The command line to run. Without a command, a plugin decides what a start on a terminal or with piped input runs. */
function lineOf(host: Host, words: readonly string[]): readonly string[] {
  if (!words.every((word) => word.startsWith('-'))) return words
  // Last, because a look at standard input loads Node's streams.
  return host.hooks.start.call({ words, terminal: process.stdin.isTTY === true }) ?? words
}

/** Mistakes in the config end what needs its settings, and are a line for anything else. */
function settle(host: Host, words: readonly string[], lenient: boolean): void {
  const [first] = host.config.problems
  if (first && !lenient && !findCommand(host, words)?.entry.tolerant) throw first
  for (const { message } of host.config.problems) writeNote(harmless(`warning: ${message}; continuing without it\n`))
}

/** What a plugin or a config has left running does not keep the program; text that was not yet read does. */
function endSoon(): void {
  const end = () => (process.stdout.writableLength + process.stderr.writableLength > 0 ? endSoon() : exitProcess())
  setTimeout(end, 500).unref()
}

/** Runs a mode on the terminal, then ends the process, which the terminal's input would keep alive. */
async function runMode(host: Host, terminal: Terminal): Promise<never> {
  const exit = await host.hooks.terminal.promise(terminal)
  if (exit === undefined)
    throw new Problem('no-terminal', 'no plugin can run this command on a terminal', { hint: 'the built-in plugin shell does' })
  await host.close()
  return exitProcess(exit)
}

function finish(error: unknown, signal: AbortSignal, debug: boolean): void {
  // A reader that left, such as head, is no failure.
  const gone = codeOf(error) === 'EPIPE'
  process.exitCode = gone ? 0 : exitCodeOf(error, signal)
  if (!gone && !signal.aborted) writeNote(reportOf(error, debug))
}

/** How long a command that was told to stop may clean up. */
const GRACE_MS = 3000

/** Ctrl-C and SIGTERM let the command clean up; the second one does not wait. */
function watchProcess(interrupt: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const end = () => exitProcess(SIGNAL_CODES[signal])
      if (interrupt.signal.aborted) end()
      interrupt.abort(signal)
      setTimeout(() => {
        for (const title of pendingTitles()) writeNote(harmless(`warning: ${title} did not end\n`))
        end()
      }, GRACE_MS).unref()
    })
  }
}
