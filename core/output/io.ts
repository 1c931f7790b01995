import fs from 'node:fs'
import type { Context, Io } from '../contract/host.ts'
import { destroyOnAbort } from '../files/input-file.ts'
import { codeOf, interrupted, Problem, usage } from '../kernel/problem.ts'
import { asciiDrawing, hasUnicode } from './ascii-drawing.ts'
import { outputWriter, writeNote } from './write.ts'

const STDOUT = 1
const STDERR = 2

/** The width of standard output in columns: that of the terminal, or $COLUMNS, or no limit. */
function columns(env: NodeJS.ProcessEnv, interactive: boolean): number {
  if (interactive) return process.stdout.columns || 80
  return Number(env.COLUMNS) > 0 ? Number(env.COLUMNS) : Number.POSITIVE_INFINITY
}

/** True for a terminal. Checks the type of the file first, because Node's `isTTY` loads its network code. */
const isTerminal = (fd: number) => isCharacterDevice(fd) && (fd === STDOUT ? process.stdout : process.stderr).isTTY

function isCharacterDevice(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd)
    return stat.isCharacterDevice() && stat.rdev !== fs.statSync('/dev/null').rdev
  } catch {
    return false
  }
}

/** Returns the streams of the process. */
export function processIo(env: NodeJS.ProcessEnv, signal: AbortSignal, fail: () => void): Io {
  const interactive = isTerminal(STDOUT)
  const ascii = interactive && !hasUnicode(env)
  const progress = progressLine(env)
  const write = outputWriter(signal)
  const io: Io = {
    stdin: () => stdin(signal),
    view: { width: columns(env, interactive), color: false, interactive, ascii },
    interactive,
    signal,
    fail,
    write: ascii ? (text) => write(asciiDrawing(text)) : write,
    note(text, style) {
      progress('')
      writeNote(style && io.view.color && isTerminal(STDERR) ? `\x1b[2m${text}\n\x1b[22m` : `${text}\n`)
    },
    progress,
    ask: (question, flag, stop = signal) => ask(question, flag, stop),
    page: interactive && env.TERM !== 'dumb' ? async (chunks) => (await import('./pager.ts')).page(chunks, env) : undefined,
  }
  return io
}

function stdin(signal: AbortSignal): ReturnType<Context['stdin']> {
  // Node returns an empty stream for a folder.
  if (fs.fstatSync(0).isDirectory()) throw new Problem('input', 'cannot read standard input: it is a folder')
  destroyOnAbort(signal, process.stdin)
  return process.stdin
}

/** Returns a function that shows progress in one line of the terminal. Shows nothing if standard error is not a terminal. */
function progressLine(env: NodeJS.ProcessEnv): (text: string) => void {
  let last = 0
  let open = false
  let shown: boolean | undefined
  return (text) => {
    const now = Date.now()
    if (text ? now - last < 100 : !open) return
    shown ??= isTerminal(STDERR) && env.TERM !== 'dumb'
    if (!shown) return
    last = now
    open = text !== ''
    writeNote(`\r\x1b[K${text}`)
  }
}

async function ask(question: string, flag: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const stream = process.stdin.isTTY ? 'standard error' : 'standard input'
    throw usage(`confirmation required, but ${stream} is not a terminal`, `${flag} skips the question`)
  }
  const readline = await import('node:readline/promises')
  const prompt = readline.createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim())
  } catch (error) {
    if (codeOf(error) !== 'ABORT_ERR') throw error
    writeNote('\n')
    throw interrupted()
  } finally {
    prompt.close()
  }
}
