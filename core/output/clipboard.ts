import { spawn } from 'node:child_process'
import type { Context } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { escapeControls } from './escape-controls.ts'

/** Commands that copy their standard input to the clipboard. */
const COMMANDS = [
  ['pbcopy'],
  ['wl-copy'],
  ['xclip', '-selection', 'clipboard'],
  ['xsel', '--clipboard', '--input'],
  ['termux-clipboard-set'],
] as const

/** The maximum text in an escape sequence, in bytes. Terminals drop sequences of more than about 100,000 characters. */
const MAX_BYTES = 74_994
const TIMEOUT_MS = 5000

/**
 * Copies a text to the clipboard with the first clipboard command that works, or else with the terminal (OSC 52). Over SSH the terminal
 * comes first, since a command would fill the clipboard of the remote machine. Returns the name of the command, or `terminal`. Replaces
 * control characters, so that a later paste cannot control a terminal. Throws a Problem if there is no clipboard; its hint is that the
 * command `printer` writes the text.
 */
export async function copyText(
  text: string,
  { host, interactive, show, signal }: ClipboardContext,
  printer = 'ainative-code session show last --tail 1 --raw',
): Promise<string> {
  const { env } = host
  const shown = escapeControls(text.toWellFormed())
  const hasTerminal = interactive && env.TERM !== 'dumb'
  const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY)
  const command = hasTerminal && isRemote ? undefined : await runFirst(shown, env, signal)
  if (command !== undefined) return command
  const hint = `${printer} writes the text to standard output`
  if (!hasTerminal) throw noClipboard(hint)
  await show(terminalSequence(shown, env, hint))
  return 'terminal'
}

type ClipboardContext = Pick<Context, 'host' | 'interactive' | 'show' | 'signal'>

const noClipboard = (hint: string) =>
  new Problem('no-clipboard', `no clipboard: none of ${names()} works, and standard output is not a terminal that can copy`, { hint })

const names = () => COMMANDS.map(([name]) => name).join(', ')

/** The OSC 52 sequence. For tmux also a wrapped one: `set-clipboard on` handles the first, `allow-passthrough on` forwards the second. */
function terminalSequence(text: string, env: NodeJS.ProcessEnv, hint: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_BYTES)
    throw new Problem('too-large', `the text has ${bytes.length} bytes, but a terminal can copy at most ${MAX_BYTES}`, { hint })
  const sequence = `\x1b]52;c;${bytes.toString('base64')}\x07`
  return env.TMUX ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\${sequence}` : sequence
}

/** Runs the clipboard commands in order, and returns the name of the first that succeeds. */
async function runFirst(text: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | undefined> {
  for (const [name, ...args] of COMMANDS) {
    signal.throwIfAborted()
    if (await runs(name, args, text, { env, signal })) return name
  }
  return undefined
}

interface Run {
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/**
 * Runs a command with the text as standard input; true if it exits with 0. Does not wait for its streams, which the background process of
 * xclip keeps open.
 */
function runs(name: string, args: readonly string[], text: string, { env, signal }: Run): Promise<boolean> {
  return new Promise((resolve) => {
    // Not with the option `timeout` of spawn: after a command is not found, its timer keeps the process running.
    const end = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const child = spawn(name, args, { env, signal: end, stdio: ['pipe', 'ignore', 'ignore'], killSignal: 'SIGKILL' })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
