import fs from 'node:fs'
import { isatty, ReadStream, WriteStream } from 'node:tty'
import { exitProcess, interrupted, Problem, SIGNAL_CODES } from 'ainative-code'
import { isBracketedPaste, openInput } from './input.ts'
import { createEvents, pushEvents, type ScreenEvent } from './screen-events.ts'

/** A full-screen view. When the view ends, for any reason, the terminal shows its previous contents. */
export interface Screen {
  columns(): number
  rows(): number
  /** Draws lines from the top. The lines must fit the width and contain no escape sequences other than styles. Positions start at 0. */
  draw(lines: string[], cursor: { row: number; column: number }): void
  /** Writes an escape sequence that prints nothing. */
  send(sequence: string): void
  /** The next event. Rejects if a signal ends the screen or the terminal closes. */
  next(): Promise<ScreenEvent>
  /** Restores the terminal. */
  close(): void
}

/** Switches to the alternate screen; CLEAR also turns line wrapping off. */
const ENTER = '\x1b[?1049h'
const CLEAR = '\x1b[?7l\x1b[2J'
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

/** Opens a screen. One standard stream must be a terminal. Throws a Problem if none is. */
export function openScreen(signal: AbortSignal): Screen {
  const { stdin, output, release } = findTerminal()
  const input = openScreenInput(stdin, output)
  const events = createEvents()
  const alternateScreen = createAlternateScreen(output)
  let open = true
  const close = () => {
    if (!open) return
    open = false
    for (const remove of removers) remove()
    alternateScreen.leave()
    input.restore()
    release()
  }
  const end = (error: unknown) => {
    close()
    events.fail(error)
  }
  const redraw = () => {
    alternateScreen.clear()
    events.push({ kind: 'resize' })
  }
  const resume = () => {
    input.resume()
    redraw()
  }
  const removers = addListeners(signal, output, { close, end, resize: redraw, resume })
  output.write(ENTER)
  redraw()
  void pushEvents(input.next, events).catch(end)
  return {
    ...sizeOf(output),
    draw: (lines, cursor) => void (open && alternateScreen.draw(lines, cursor)),
    send: (sequence) => void (open && output.write(sequence)),
    next: events.next,
    close,
  }
}

const sizeOf = (output: WriteStream) => ({ columns: () => output.columns || 80, rows: () => output.rows || 24 })

/** Opens the input with bracketed paste. */
function openScreenInput(stdin: ReadStream, output: WriteStream) {
  const hadBracketedPaste = isBracketedPaste()
  const input = openInput(stdin, output)
  input.open()
  input.mark(true)
  return {
    next: input.next,
    /** Sets the modes again: the program that ran while this process was stopped may have changed those of the terminal. */
    resume() {
      for (const raw of [false, true]) stdin.setRawMode(raw)
      input.mark(true)
    },
    restore() {
      if (!hadBracketedPaste) input.mark(false)
      input.close()
      input.end()
    },
  }
}

/** The alternate screen, which redraws only the changed lines. */
function createAlternateScreen(output: WriteStream) {
  const drawn = new Map<number, string>()
  return {
    clear() {
      drawn.clear()
      output.write(CLEAR)
    },
    leave: () => void output.write(LEAVE),
    draw(lines: string[], { row, column }: { row: number; column: number }) {
      const changed = lines.flatMap((line, at) => (drawn.get(at) === line ? [] : [`\x1b[${at + 1};1H\x1b[2K${line}`]))
      for (const [at, line] of lines.entries()) drawn.set(at, line)
      output.write(`\x1b[?25l${changed.join('')}\x1b[${row + 1};${column + 1}H\x1b[?25h`)
    },
  }
}

/** Returns streams for keys and drawing: standard streams that are terminals, or else /dev/tty. Throws a Problem if there is no terminal. */
function findTerminal(): { stdin: ReadStream; output: WriteStream; release(): void } {
  if (![0, 1, 2].some((fd) => isatty(fd))) throw noTerminal()
  const ownStreams: { destroy(): void }[] = []
  const open = <T extends { destroy(): void }>(make: (fd: number) => T, flags: string): T => {
    const stream = make(openTty(flags))
    ownStreams.push(stream)
    return stream
  }
  const stdin = isatty(0) ? process.stdin : open((fd) => new ReadStream(fd), 'r')
  const [stream] = [process.stderr, process.stdout].filter(({ isTTY }) => isTTY)
  const output = stream ?? open((fd) => new WriteStream(fd), 'w')
  return { stdin, output, release: () => ownStreams.forEach((each) => void each.destroy()) }
}

function openTty(flags: string): number {
  try {
    return fs.openSync('/dev/tty', flags)
  } catch {
    throw noTerminal()
  }
}

const noTerminal = () => new Problem('no-terminal', 'no terminal available')

/** Ignores write errors of a closed terminal, because the input reports that the terminal is closed. */
const ignore = () => undefined

interface Actions {
  close(): void
  end(error: unknown): void
  resize(): void
  resume(): void
}

/** Adds listeners that restore the terminal before the process or the screen ends. Returns functions that remove the listeners. */
function addListeners(signal: AbortSignal, output: WriteStream, { close, end, resize, resume }: Actions): (() => void)[] {
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
    on('SIGCONT', resume),
    // Close the screen first, so that the report is visible.
    ...['uncaughtException', 'unhandledRejection'].map((event) => on(event, abort)),
    () => signal.removeEventListener('abort', abort),
    () => output.off('resize', resize),
  ]
}
