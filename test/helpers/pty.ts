import pty from 'node-pty'
import { onTestFinished } from 'vitest'
import { bin, type Home } from './cli.ts'
import { until } from './until.ts'

/** The program in a pseudo-terminal. */
export interface Terminal {
  /** Returns the output since the last `clear`. */
  text(): string
  clear(): void
  type(keys: string): void
  /** Waits until the output since the last `clear` matches, unchanged or after `read`. The default `read` removes erased lines. */
  until(pattern: RegExp, read?: (text: string) => string): Promise<string>
  signal(name: string): void
  /** Closes the terminal, as closing its window does. */
  hangUp(): void
  /** Waits for the end of the program, and returns its exit code or signal. */
  ended(): Promise<{ exitCode: number; signal?: number }>
  running(): boolean
}

/** Starts the built program in a pseudo-terminal in this home. */
export function openTerminal(home: Home, argv: string[] = [], env: NodeJS.ProcessEnv = {}): Terminal {
  const child = pty.spawn(process.execPath, [bin, ...argv], {
    cols: 100,
    rows: 40,
    cwd: home.dir,
    env: { ...home.env, TERM: 'xterm-256color', PAGER: 'cat', ...env } as Record<string, string>,
  })
  let text = ''
  let end: { exitCode: number; signal?: number } | undefined
  child.onData((data) => {
    text += data
  })
  child.onExit((event) => {
    end = event
  })
  onTestFinished(() => {
    if (!end) child.kill('SIGKILL')
  })
  const shows = () => `; the terminal shows ${JSON.stringify(text.slice(-2000))}`
  return {
    text: () => text,
    clear: () => {
      text = ''
    },
    type: (keys) => child.write(keys),
    until: (pattern, read = withoutCleared) =>
      until(
        () => pattern + shows(),
        () => (pattern.test(text) || pattern.test(read(text))) && text,
      ),
    signal: (name) => child.kill(name),
    // The types of node-pty omit destroy().
    hangUp: () => (child as pty.IPty & { destroy(): void }).destroy(),
    ended: () =>
      until(
        () => `the end${shows()}`,
        () => end,
      ),
    running: () => end === undefined,
  }
}

const CLEAR_LINE = '\r\x1b[K'

/** Removes lines of progress that were erased again. A slow machine shows more of these lines. */
function withoutCleared(text: string): string {
  if (!text.includes(CLEAR_LINE)) return text
  const parts = text.split(CLEAR_LINE)
  const last = parts.pop()
  return parts.map((part) => part.slice(0, Math.max(part.lastIndexOf('\n'), part.lastIndexOf('\r')) + 1)).join('') + last
}

/** The prompt of the shell, with or without an active session. */
const PROMPT = /ainative(?: \(.*\))?> /

/** Matches a complete prompt at the end of the output. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the cursor is put after the prompt
export const AT_PROMPT = /(?:> |\.\.\. )\x1b\[\d+G$/

/** Opens the shell, and waits for its first prompt. */
export async function openShell(home: Home, env: NodeJS.ProcessEnv = {}): Promise<Terminal> {
  const shell = openTerminal(home, [], env)
  await shell.until(PROMPT)
  await shell.until(AT_PROMPT)
  return shell
}

/** Types a line, and waits for its output and the next prompt. */
export async function answer(shell: Terminal, line: string, pattern: RegExp): Promise<string> {
  shell.clear()
  shell.type(`${line}\r`)
  const text = await shell.until(pattern)
  // The next line must not be typed before the next prompt.
  await shell.until(AT_PROMPT)
  return text
}
