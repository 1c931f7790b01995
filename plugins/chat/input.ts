import fs from 'node:fs'
import type { Readable } from 'node:stream'
import { type Context, readText, usage } from 'ainative-code'

/** How long a socket may keep silent. A program that starts this one often leaves one open without a word, and that would never end. */
const PATIENCE_MS = 1000

/** The words of a message, and what is piped into it below them. */
export async function messageOf(words: readonly string[], context: Pick<Context, 'stdin' | 'signal' | 'note'>): Promise<string> {
  const message = words.join(' ')
  const piped = await readPiped(context, message.trim() !== '')
  return [message, piped.replace(/\r?\n$/, '')].filter((each) => each.trim()).join('\n\n')
}

/** What is piped in: a terminal is not read, and neither is /dev/null, nor what is closed. */
async function readPiped({ stdin, signal, note }: Pick<Context, 'stdin' | 'signal' | 'note'>, hasMessage: boolean): Promise<string> {
  const kind = kindOf(0)
  if (!kind || kind.isCharacterDevice()) return ''
  const input = stdin()
  if (hasMessage && kind.isSocket() && !(await speaks(input))) {
    note(`standard input said nothing for ${PATIENCE_MS / 1000} s, and is not read`)
    input.destroy()
    return ''
  }
  signal.addEventListener('abort', () => input.destroy(signal.reason as Error))
  return readText(input)
}

function kindOf(fd: number): fs.Stats | undefined {
  try {
    return fs.fstatSync(fd)
  } catch {
    return undefined
  }
}

/** Whether anything comes, be it the end. */
const speaks = (input: Readable) =>
  new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS)
    for (const event of ['readable', 'end', 'error']) {
      input.once(event, () => {
        clearTimeout(timer)
        resolve(true)
      })
    }
  })

/** Whether somebody can type there. */
export const isTerminal = () => process.getBuiltinModule('node:tty').isatty(0)

export const noMessage = (format: string) =>
  isTerminal() && format !== 'text'
    ? usage(`chat needs a message: a conversation has no --format ${format}`, 'ainative-code chat "your question", or pipe it in')
    : usage('chat needs a message, and there is no terminal to type one', 'ainative-code chat "your question", or pipe it in')
