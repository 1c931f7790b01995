import xterm from '@xterm/headless'
import pty from 'node-pty'
import { onTestFinished } from 'vitest'
import { bin, type Home } from './cli.ts'
import { until } from './until.ts'

/** A program on an emulated terminal, which shows what a person would see. */
export interface Screen {
  /** Returns the visible lines, without trailing spaces. */
  lines(): string[]
  /** Returns the character in a cell. */
  cell(row: number, column: number): string
  /** Waits until the visible lines match, and returns them. */
  shows(pattern: RegExp): Promise<string>
  type(keys: string): void
  resize(columns: number, rows: number): Promise<void>
  signal(name: string): void
  hangUp(): void
  /** Returns the modes of the terminal: alternate screen, bracketed paste, line wrapping, and a visible cursor. */
  state(): { alternate: boolean; pastes: boolean; wraps: boolean; cursor: boolean }
  /** Returns the complete output of the program. */
  raw(): string
  /** Waits for the end of the program and of its output, and returns its exit code or signal. */
  ended(): Promise<{ exitCode: number; signal?: number }>
}

/** The options of a screen. */
export interface ScreenOptions {
  columns?: number
  rows?: number
  env?: NodeJS.ProcessEnv
  /** A line of bash to run in place of the program. $CLI is the program. */
  line?: string
}

/** Starts the built program, or a line of a shell, on a terminal of this size. */
export function openScreen(home: Home, argv: string[], { columns = 100, rows = 20, env = {}, line }: ScreenOptions = {}): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
  const [file, args] = line === undefined ? [process.execPath, [bin, ...argv]] : ['bash', ['-c', line]]
  const child = pty.spawn(file, args, {
    ...{ cols: columns, rows, cwd: home.dir },
    env: { ...home.env, TERM: 'xterm-256color', PAGER: 'cat', CLI: `${process.execPath} ${bin}`, ...env } as Record<string, string>,
  })
  let raw = ''
  let end: { exitCode: number; signal?: number } | undefined
  let pending = 0
  // The emulator has no state for the visibility of the cursor.
  const cursor = () => raw.lastIndexOf('\x1b[?25h') >= raw.lastIndexOf('\x1b[?25l')
  child.onData((data) => {
    raw += data
    pending++
    terminal.write(data, () => pending--)
  })
  child.onExit((event) => {
    end = event
  })
  onTestFinished(() => {
    if (!end) child.kill('SIGKILL')
    terminal.dispose()
  })
  const lines = () => {
    const { active } = terminal.buffer
    const first = active.type === 'alternate' ? active.viewportY : 0
    const count = active.type === 'alternate' ? terminal.rows : active.length
    return Array.from({ length: count }, (_, i) => active.getLine(first + i)?.translateToString(true) ?? '')
  }
  return {
    lines,
    cell: (row, column) => terminal.buffer.active.getLine(row)?.getCell(column)?.getChars() ?? '',
    shows: (pattern) =>
      until(
        () => `${pattern}; the screen shows\n${lines().join('\n')}\n`,
        () => pending === 0 && pattern.test(lines().join('\n')) && lines().join('\n'),
      ),
    type: (keys) => child.write(keys),
    async resize(cols, height) {
      terminal.resize(cols, height)
      child.resize(cols, height)
    },
    signal: (name) => child.kill(name),
    hangUp: () => (child as pty.IPty & { destroy(): void }).destroy(),
    state: () => ({
      alternate: terminal.buffer.active.type === 'alternate',
      pastes: terminal.modes.bracketedPasteMode,
      wraps: terminal.modes.wraparoundMode,
      cursor: cursor(),
    }),
    raw: () => raw,
    ended: () =>
      until(
        () => `the end; the screen shows\n${lines().join('\n')}\n`,
        () => pending === 0 && end,
      ),
  }
}
