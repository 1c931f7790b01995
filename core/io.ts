import { once } from 'node:events'
import type { Context, View } from './command.ts'
import { usage } from './problem.ts'

/** The streams around a command: where its result, its notes and its questions go. */
export interface Io {
  stdin: Context['stdin']
  view: View
  interactive: boolean
  signal: AbortSignal
  write(chunk: string): Promise<void>
  fail(): void
  note(text: string): void
  progress(text: string): void
  ask(question: string, flag: string): Promise<boolean>
  /** Shows long text page by page; absent where there is no terminal for it. */
  page?(chunks: AsyncIterable<string>): Promise<void>
}

/** Columns of standard output: of the terminal, or $COLUMNS, or no limit. */
function columns(env: NodeJS.ProcessEnv): number {
  if (process.stdout.isTTY) return process.stdout.columns || 80
  return Number(env.COLUMNS) > 0 ? Number(env.COLUMNS) : Number.POSITIVE_INFINITY
}

/** The process's own streams. */
export function processIo(env: NodeJS.ProcessEnv, signal: AbortSignal, fail: () => void): Io {
  const interactive = Boolean(process.stdout.isTTY)
  const color = interactive && !env.NO_COLOR && env.TERM !== 'dumb'
  return {
    stdin: process.stdin,
    view: { width: columns(env), color, interactive },
    interactive,
    signal,
    fail,
    async write(chunk) {
      if (!process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal })
    },
    note: (text) => void process.stderr.write(`${text}\n`),
    progress: progressLine(),
    ask,
    page: interactive ? async (chunks) => (await import('./pager.ts')).page(chunks, env) : undefined,
  }
}

/** One line on a terminal that is written over; nothing elsewhere. */
function progressLine(): (text: string) => void {
  let last = 0
  if (!process.stderr.isTTY) return () => undefined
  return (text) => {
    const now = Date.now()
    if (text && now - last < 100) return
    last = now
    process.stderr.write(`\r\x1b[K${text}`)
  }
}

async function ask(question: string, flag: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw usage('this needs a yes, and there is no terminal to ask on', `give ${flag} to do it without a question`)
  }
  const readline = await import('node:readline/promises')
  const prompt = readline.createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim())
  } finally {
    prompt.close()
  }
}
