import fs from 'node:fs'
import type { Key } from 'node:readline'
import { isatty, ReadStream, WriteStream } from 'node:tty'
import { exitProcess, interrupted, Problem, SIGNAL_CODES } from 'ainative-code'
import { marksPastes, openInput } from './input.ts'
import { createKeys } from './keypress.ts'
import type { Token } from './keys.ts'

/** What happens at a terminal: a key, text that was typed or pasted, or another size. */
export type ScreenEvent = { kind: 'key'; key: Key } | { kind: 'text'; text: string } | { kind: 'resize' }

/** The whole terminal, for a while; what it showed before comes back at the end, whichever way that comes. */
export interface Screen {
  columns(): number
  rows(): number
  /** Shows these lines from the top. They are no wider than the screen, and harmless but for their own styles. */
  draw(lines: string[], cursor: { row: number; column: number }): void
  /** Writes a sequence that shows nothing. */
  send(sequence: string): void
  /** The next event. Rejects where a signal ends the screen, or the terminal is gone. */
  next(): Promise<ScreenEvent>
  close(): void
}

/** The other screen; there, lines do not wrap. */
const ENTER = '\x1b[?1049h'
const CLEAR = '\x1b[?7l\x1b[2J'
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

/** Takes the terminal. Where one of the standard streams is a terminal, the others need not be. */
export function openScreen(signal: AbortSignal): Screen {
  const { stdin, output, release } = takeTerminal()
  const pastes = marksPastes()
  const input = openInput(stdin, output)
  const events = createEvents()
  const pane = createPane(output)
  let open = true
  const close = () => {
    if (!open) return
    open = false
    for (const stop of watching) stop()
    pane.leave()
    if (!pastes) input.mark(false)
    input.close()
    input.end()
    release()
  }
  const end = (error: unknown) => {
    close()
    events.fail(error)
  }
  const drawAnew = () => {
    pane.clear()
    events.push({ kind: 'resize' })
  }
  const goOn = () => {
    resetRawMode(stdin)
    input.mark(true)
    drawAnew()
  }
  const watching = watch(signal, output, { close, end, resize: drawAnew, goOn })
  input.open()
  input.mark(true)
  output.write(ENTER)
  drawAnew()
  void pump(input.next, events).catch(end)
  return {
    ...sizeOf(output),
    draw: (lines, cursor) => void (open && pane.draw(lines, cursor)),
    send: (sequence) => void (open && output.write(sequence)),
    next: events.next,
    close,
  }
}

const sizeOf = (output: WriteStream) => ({ columns: () => output.columns || 80, rows: () => output.rows || 24 })

/** Who stopped the process may have changed the terminal, and Node does not know. */
function resetRawMode(stdin: ReadStream): void {
  for (const raw of [false, true]) stdin.setRawMode(raw)
}

/** The other screen of a terminal, on which only lines that changed are drawn again. */
function createPane(output: WriteStream) {
  const shown = new Map<number, string>()
  return {
    clear() {
      shown.clear()
      output.write(CLEAR)
    },
    leave: () => void output.write(LEAVE),
    draw(lines: string[], { row, column }: { row: number; column: number }) {
      const changed = lines.flatMap((line, at) => (shown.get(at) === line ? [] : [`\x1b[${at + 1};1H\x1b[2K${line}`]))
      for (const [at, line] of lines.entries()) shown.set(at, line)
      output.write(`\x1b[?25l${changed.join('')}\x1b[${row + 1};${column + 1}H\x1b[?25h`)
    },
  }
}

/** The streams to read keys from and to draw on: a standard stream that is a terminal, else the terminal of the process. */
function takeTerminal(): { stdin: ReadStream; output: WriteStream; release(): void } {
  if (![0, 1, 2].some((fd) => isatty(fd))) throw noTerminal()
  const opened: { destroy(): void }[] = []
  const own = <T extends { destroy(): void }>(make: (fd: number) => T, flags: string): T => {
    const stream = make(openTty(flags))
    opened.push(stream)
    return stream
  }
  const stdin = isatty(0) ? process.stdin : own((fd) => new ReadStream(fd), 'r')
  const [stream] = [process.stderr, process.stdout].filter(({ isTTY }) => isTTY)
  const output = stream ?? own((fd) => new WriteStream(fd), 'w')
  return { stdin, output, release: () => opened.forEach((each) => void each.destroy()) }
}

function openTty(flags: string): number {
  try {
    return fs.openSync('/dev/tty', flags)
  } catch {
    throw noTerminal()
  }
}

const noTerminal = () => new Problem('no-terminal', 'there is no terminal to draw on')

/** That a terminal is gone is noticed by its input. */
const ignore = () => undefined

interface Actions {
  close(): void
  end(error: unknown): void
  resize(): void
  goOn(): void
}

/** Restores the terminal before the process or the screen ends, for whatever reason. Returns functions that remove the listeners. */
function watch(signal: AbortSignal, output: WriteStream, { close, end, resize, goOn }: Actions): (() => void)[] {
  const on = (event: string, listener: (...args: unknown[]) => void) => {
    process.prependListener(event as 'exit', listener)
    return () => process.removeListener(event, listener)
  }
  const abort = () => end(interrupted())
  const hangUp = () => {
    close()
    exitProcess(SIGNAL_CODES.SIGHUP)
  }
  signal.addEventListener('abort', abort)
  output.on('resize', resize)
  if (!output.listeners('error').includes(ignore)) output.on('error', ignore)
  return [
    on('exit', close),
    on('SIGHUP', hangUp),
    on('SIGCONT', goOn),
    // The report comes afterwards, where it can be read.
    ...['uncaughtException', 'unhandledRejection'].map((event) => on(event, abort)),
    () => signal.removeEventListener('abort', abort),
    () => output.off('resize', resize),
  ]
}

/** Events in order, until a failure. */
function createEvents() {
  const queue: ScreenEvent[] = []
  let failure: { error: unknown } | undefined
  let wake = () => {}
  return {
    push(event: ScreenEvent) {
      queue.push(event)
      wake()
    },
    fail(error: unknown) {
      failure ??= { error }
      wake()
    },
    async next(): Promise<ScreenEvent> {
      for (;;) {
        if (failure) throw failure.error
        const event = queue.shift()
        if (event) return event
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

/** Turns tokens into events until the input ends. */
async function pump(next: () => Promise<Token>, { push }: { push(event: ScreenEvent): void }): Promise<never> {
  const keysOf = createKeys()
  for (;;) {
    const token = await next()
    if (token.kind === 'end') throw interrupted()
    if (token.kind === 'text') push({ kind: 'text', text: token.text })
    else if (token.pasted) push({ kind: 'text', text: ' ' })
    else if (token.kind === 'enter') push({ kind: 'key', key: { name: 'return' } })
    else for (const [, key] of keysOf(token)) push({ kind: 'key', key })
  }
}
