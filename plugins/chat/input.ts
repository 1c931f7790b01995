import fs from 'node:fs'
import type { Readable } from 'node:stream'
import { type Context, readText, usage } from 'ainative-code'

/** The time after which a silent socket is ignored. A parent process often leaves a socket open without writing to it. */
const MAX_SILENCE_MS = 1000

/** The words of a message, with piped standard input below them. */
export async function messageOf(words: readonly string[], context: Pick<Context, 'stdin' | 'note'>): Promise<string> {
  const message = words.join(' ')
  const piped = await readPiped(context, message.trim() !== '')
  return [message, piped.replace(/\r?\n$/, '')].filter((each) => each.trim()).join('\n\n')
}

/** Reads piped standard input. Does not read a terminal, /dev/null or a closed descriptor. */
async function readPiped({ stdin, note }: Pick<Context, 'stdin' | 'note'>, hasMessage: boolean): Promise<string> {
  const kind = kindOf(0)
  if (!kind || kind.isCharacterDevice()) return ''
  const input = stdin()
  if (hasMessage && kind.isSocket() && !(await hasData(input))) {
    note(`standard input was silent for ${MAX_SILENCE_MS / 1000} s and is ignored`)
    input.destroy()
    return ''
  }
  return readText(input)
}

function kindOf(fd: number): fs.Stats | undefined {
  try {
    return fs.fstatSync(fd)
  } catch {
    return undefined
  }
}

/** Resolves with true when data, the end or an error arrives, and with false after MAX_SILENCE_MS. */
const hasData = (input: Readable) =>
  new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), MAX_SILENCE_MS)
    for (const event of ['readable', 'end', 'error']) {
      input.once(event, () => {
        clearTimeout(timer)
        resolve(true)
      })
    }
  })

/** True if standard input is a terminal. */
export const isTerminal = () => process.getBuiltinModule('node:tty').isatty(0)

/** The usage error for a chat without a message. */
export const noMessage = (format: string) =>
  isTerminal() && format !== 'text'
    ? usage(
        `chat needs a message with --format ${format}: a conversation is text`,
        'ainative-code chat "your question"; standard input works too',
      )
    : usage('chat needs a message, and standard input is not a terminal', 'ainative-code chat "your question"; standard input works too')
