import { spawn } from 'node:child_process'
import type { Context } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { harmless } from './harmless.ts'

/** Commands that put their standard input on the clipboard. */
const COMMANDS = [
  ['pbcopy'],
  ['wl-copy'],
  ['xclip', '-selection', 'clipboard'],
  ['xsel', '--clipboard', '--input'],
  ['termux-clipboard-set'],
] as const

/** Bytes of text in one escape sequence: terminals drop sequences of more than about 100,000 characters. */
const MAX_BYTES = 74_994
const TIMEOUT_MS = 5000

/**
 * Puts a text on the clipboard: through the first clipboard command that works, else through the terminal (OSC 52). Over SSH the terminal
 * goes first, since a command would fill the clipboard of the other machine. Returns the command's name or `terminal`. Control characters
 * are replaced, so that a paste cannot steer a terminal. Throws a Problem where there is no clipboard.
 */
export async function copyText(text: string, { host, interactive, show, signal }: Place): Promise<string> {
  const { env } = host
  const shown = harmless(text.toWellFormed())
  const hasTerminal = interactive && env.TERM !== 'dumb'
  const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY)
  const command = hasTerminal && isRemote ? undefined : await runFirst(shown, env, signal)
  if (command !== undefined) return command
  if (!hasTerminal) throw noClipboard()
  await show(terminalSequence(shown, env))
  return 'terminal'
}

type Place = Pick<Context, 'host' | 'interactive' | 'show' | 'signal'>

const noClipboard = () =>
  new Problem('no-clipboard', `no clipboard: none of ${names()} works, and standard output is not a terminal that can copy`, {
    hint: 'ainative-code session show last --tail 1 --raw writes the text to standard output',
  })

const names = () => COMMANDS.map(([name]) => name).join(', ')

/** OSC 52; within tmux also wrapped, since tmux takes the one with `set-clipboard on` and passes on the other with `allow-passthrough on`. */
function terminalSequence(text: string, env: NodeJS.ProcessEnv): string {
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_BYTES)
    throw new Problem('too-large', `the text has ${bytes.length} bytes, and a terminal's clipboard takes at most ${MAX_BYTES}`, {
      hint: 'ainative-code session show last --tail 1 --raw writes the text to standard output',
    })
  const sequence = `\x1b]52;c;${bytes.toString('base64')}\x07`
  return env.TMUX ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\${sequence}` : sequence
}

/** The name of the first command that took the text. */
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

/** Whether a command exists, takes the text and succeeds. Its exit counts, not its streams: xclip leaves a process behind that keeps them open. */
function runs(name: string, args: readonly string[], text: string, { env, signal }: Run): Promise<boolean> {
  return new Promise((resolve) => {
    // Not spawn's own timeout: its timer keeps running, and the process with it, after a command is not found.
    const end = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const child = spawn(name, args, { env, signal: end, stdio: ['pipe', 'ignore', 'ignore'], killSignal: 'SIGKILL' })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
