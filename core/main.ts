import { type Host } from './host.ts'
import { type Io, processIo } from './io.ts'
import { load } from './load.ts'
import { codeOf } from './problem.ts'
import { exitCodeOf, reportOf } from './report.ts'
import { execute } from './run.ts'

declare const PACKAGE_VERSION: string

/** The process edge: picks the front end, prints problems, sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const flags = leadingFlags(argv)
  const words = argv.slice(flags.length)
  const debug = flags.includes('--debug') || words.includes('--debug')
  if (flags.includes('--version')) return void process.stdout.write(`${await version()}\n`)
  const interrupt = new AbortController()
  watchProcess(interrupt, debug)
  const io = processIo(process.env, interrupt.signal, () => {
    process.exitCode = 1
  })
  let host: Host | undefined
  try {
    host = await load(process.env)
    if (flags.includes('--help')) await execute(host, ['help'], io)
    else if (words.length > 0) await execute(host, words, io)
    else process.exitCode = await openFrontEnd(host, io, debug)
  } catch (error) {
    finish(error, interrupt.signal, debug)
  } finally {
    await host?.close()
  }
}

const GLOBAL = new Map([
  ['--version', '--version'],
  ['-V', '--version'],
  ['--help', '--help'],
  ['-h', '--help'],
  ['--debug', '--debug'],
])

/** The flags before the command. */
function leadingFlags(argv: readonly string[]): string[] {
  const end = argv.findIndex((word) => !GLOBAL.has(word))
  return argv.slice(0, end < 0 ? argv.length : end).map((word) => GLOBAL.get(word) ?? word)
}

async function openFrontEnd(host: Host, io: Io, debug: boolean): Promise<number> {
  if (!process.stdin.isTTY) return (await import('./batch.ts')).runBatch(host, io, debug)
  return (await import('./repl.ts')).runShell(host, io, debug)
}

function finish(error: unknown, signal: AbortSignal, debug: boolean): void {
  process.exitCode = exitCodeOf(error, signal)
  if (codeOf(error) === 'EPIPE') process.exitCode = 0
  else if (!signal.aborted) process.stderr.write(reportOf(error, debug))
}

/** Ctrl-C and SIGTERM let the command clean up; the second one does not wait. A reader that left is no error. */
function watchProcess(interrupt: AbortController, debug: boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(130)
      interrupt.abort()
    })
  }
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') process.exit(0)
    process.stderr.write(reportOf(codeOf(error) === 'ENOSPC' ? new Error('cannot write the result: the disk is full') : error, debug))
    process.exit(1)
  })
}

async function version(): Promise<string> {
  if (typeof PACKAGE_VERSION === 'string') return PACKAGE_VERSION
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  return manifest.version
}
