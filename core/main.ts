import { findCommand } from './command/find-command.ts'
import { exitCodeOf, reportOf, SIGNAL_CODES } from './command/report.ts'
import { runCommand } from './command/run-line.ts'
import type { Host, Mode, Terminal } from './contract/host.ts'
import type { DisplayFlags } from './contract/view.ts'
import { exitProcess } from './kernel/exit.ts'
import { pendingTitles, rejectPending } from './kernel/pending-promises.ts'
import { codeOf, Problem } from './kernel/problem.ts'
import { loadHost } from './loading/load-host.ts'
import { readLeadingFlags, withDisplayFlags } from './output/display-flags.ts'
import { escapeControls } from './output/escape-controls.ts'
import { processIo } from './output/io.ts'
import { writeNote } from './output/write.ts'

/** Runs the program: reads the command line, prints errors and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const debug = argv.includes('--debug')
  const plugins = !argv.includes('--no-plugins')
  const interrupt = new AbortController()
  watchFailures(debug)
  try {
    const { flags: displayFlags, help, words } = readLeadingFlags(argv)
    process.exitCode = await runProcess(help ? ['help'] : words, interrupt, { debug, plugins, displayFlags })
  } catch (error) {
    finish(error, interrupt.signal, debug)
  }
}

/** Ends the process at an uncaught error, and when Node has nothing left to do although the command has not finished. */
function watchFailures(debug: boolean): void {
  process.exitCode = undefined
  const fail = (error: unknown) => {
    writeNote(reportOf(error, debug))
    exitProcess(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  process.on('beforeExit', () => {
    if (rejectPending()) return
    if (process.exitCode === undefined)
      fail(new Problem('unsettled', 'the command never finished: a promise never settled', { hint: HINT }))
    // Exits explicitly. A normal exit would close all databases, and a store leaves a database open on purpose if its file was replaced.
    exitProcess()
  })
}

const HINT = '--no-plugins runs the command without external plugins'

/** The flags of the whole process. */
interface ProcessOptions {
  debug: boolean
  plugins: boolean
  displayFlags: DisplayFlags
}

/** Runs one command, and the mode that the command enters on the terminal. Returns the exit code. */
async function runProcess(
  words: readonly string[],
  interrupt: AbortController,
  { debug, plugins, displayFlags }: ProcessOptions,
): Promise<number> {
  let exit = 0
  const host = await loadHost(process.env, { plugins })
  const line = lineOf(host, words)
  if (host.config.problems.length > 0) reportConfigProblems(host, line, !plugins)
  // Called after loading: until here, a signal ends the process at once, so a plugin that hangs while it loads cannot block Ctrl-C.
  watchSignals(interrupt)
  const streams = processIo(process.env, interrupt.signal, () => {
    exit = 1
  })
  const io = withDisplayFlags(streams, displayFlags, host)
  try {
    const entered: Mode[] = []
    await runCommand(host, line, { ...io, enter: (mode) => void entered.push(mode) })
    if (entered[0]) exit = await runMode(host, { io, debug, mode: entered[0] })
    return exit
  } finally {
    await host.close()
    if (host.config.files.length > 0) exitAfterDelay()
  }
}

/** The command line to run. Without a command, a plugin decides what a start on a terminal or with piped input runs. */
function lineOf(host: Host, words: readonly string[]): readonly string[] {
  if (!words.every((word) => word.startsWith('-'))) return words
  // process.stdin is only read here, because access to it loads Node's streams.
  return host.hooks.start.call({ words, terminal: process.stdin.isTTY === true }) ?? words
}

/** Throws the first mistake in the config. For a command that needs no settings, and with --no-plugins, the mistakes are warnings. */
function reportConfigProblems(host: Host, words: readonly string[], lenient: boolean): void {
  const [first] = host.config.problems
  if (first && !lenient && !findCommand(host, words)?.entry.tolerant) throw first
  for (const { message } of host.config.problems) writeNote(escapeControls(`warning: ${message}; continuing without it\n`))
}

/** Ends the process half a second later, although timers or servers of plugins still run. Waits for unread output. */
function exitAfterDelay(): void {
  const end = () => (process.stdout.writableLength + process.stderr.writableLength > 0 ? exitAfterDelay() : exitProcess())
  setTimeout(end, 500).unref()
}

/** Runs a mode on the terminal, then ends the process, because the terminal's input would keep the process alive. */
async function runMode(host: Host, terminal: Terminal): Promise<never> {
  const exit = await host.hooks.terminal.promise(terminal)
  if (exit === undefined)
    throw new Problem('no-terminal', 'no plugin provides a prompt on the terminal', {
      hint: 'ainative-code plugin list shows the loaded plugins',
    })
  await host.close()
  return exitProcess(exit)
}

/** Prints the error of the command and sets the exit code. */
function finish(error: unknown, signal: AbortSignal, debug: boolean): void {
  // Not a failure: the reader of the output, such as head, has exited.
  const isClosed = codeOf(error) === 'EPIPE'
  process.exitCode = isClosed ? 0 : exitCodeOf(error, signal)
  if (!isClosed && !signal.aborted) writeNote(reportOf(error, debug))
}

/** The time that an interrupted command has for its cleanup, in milliseconds. */
const GRACE_MS = 3000

/** Aborts the command at Ctrl-C or SIGTERM, so that it can clean up. A second signal ends the process at once. */
function watchSignals(interrupt: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const end = () => exitProcess(SIGNAL_CODES[signal])
      if (interrupt.signal.aborted) end()
      interrupt.abort(signal)
      setTimeout(() => {
        for (const title of pendingTitles()) writeNote(escapeControls(`warning: ${title} did not end\n`))
        end()
      }, GRACE_MS).unref()
    })
  }
}
