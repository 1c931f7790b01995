import type { Host } from './host.ts'
import { type Io, processIo } from './io.ts'
import { runCommand } from './line.ts'
import { load } from './load.ts'
import { codeOf } from './problem.ts'
import { exitCodeOf, reportOf, SIGNAL_CODES } from './report.ts'
import { writeNote } from './write.ts'

const GLOBAL = new Map([
  ['--help', '--help'],
  ['-h', '--help'],
  ['--debug', '--debug'],
])

/** The process edge: picks the front end, prints problems, sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const flags = leadingFlags(argv)
  const words = argv.slice(flags.length)
  const debug = flags.includes('--debug') || words.includes('--debug')
  const interrupt = new AbortController()
  watchProcess(interrupt)
  try {
    process.exitCode = await open(flags.includes('--help') ? ['help'] : words, interrupt.signal, debug)
  } catch (error) {
    finish(error, interrupt.signal, debug)
  }
}

/** The flags before the command. */
function leadingFlags(argv: readonly string[]): string[] {
  const end = argv.findIndex((word) => !GLOBAL.has(word))
  return argv.slice(0, end < 0 ? argv.length : end).map((word) => GLOBAL.get(word) ?? word)
}

/** One command, the shell, or the lines of piped standard input. Gives the exit code. */
async function open(words: readonly string[], signal: AbortSignal, debug: boolean): Promise<number> {
  let exit = 0
  const io = processIo(process.env, signal, () => {
    exit = 1
  })
  const host = await load(process.env)
  try {
    if (words.length > 0 && !(words.length === 1 && words[0] === 'shell' && process.stdin.isTTY)) await runCommand(host, words, io)
    else if (process.stdin.isTTY) exit = await shell(host, io, debug)
    else await runCommand(host, ['run', '-'], io)
    return exit
  } finally {
    await host.close()
  }
}

/** Its readline keeps the process alive, so it is ended here. */
async function shell(host: Host, io: Io, debug: boolean): Promise<never> {
  const exit = await (await import('./repl.ts')).runShell(host, io, debug)
  await host.close()
  process.exit(exit)
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
      const end = () => process.exit(SIGNAL_CODES[signal])
      if (interrupt.signal.aborted) end()
      interrupt.abort(signal)
      setTimeout(end, GRACE_MS).unref()
    })
  }
}
