import { StringDecoder } from 'node:string_decoder'
import { cutKey, pasteTokens, type Token, tokensOf } from './keys.ts'

/** The terminal's keys, in order; those that a line left over wait for the next one. */
export interface Input {
  /** From here on keys are read one by one. */
  open(): void
  /** Leaves the terminal to a command. */
  close(): void
  /** Whether the terminal marks where a paste begins and ends. */
  mark(pastes: boolean): void
  next(): Promise<Token>
  /** Forgets what was typed ahead. */
  drop(): void
  /** Listens no longer. */
  end(): void
}

const PASTE = { on: '\x1b[?2004h', off: '\x1b[?2004l', begin: '\x1b[200~', end: '\x1b[201~' }
/** How long the rest of a long text may take. */
const PAUSE_MS = 10
/** How long the rest of a key's bytes may take: after Escape alone, which is a key too, and after more than that, which is none. */
const ESCAPE_MS = 30
const REST_MS = 500
const LONG = 256

let marking = false

/** Whether the terminal marks pastes now. */
export const marksPastes = () => marking

export function openInput(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Input {
  let queue: Token[] = []
  let wake = () => {}
  const push = (tokens: Token[]) => {
    for (const token of tokens) {
      const last = queue.at(-1)
      if (token.kind === 'text' && last?.kind === 'text') last.text += token.text
      else queue.push({ ...token })
    }
    wake()
  }
  const feed = createFeed(push)
  const end = () => push([{ kind: 'end', text: '' }])
  stdin.on('end', end)
  stdin.on('error', end)
  return {
    open() {
      stdin.setRawMode?.(true)
      stdin.on('data', feed)
      stdin.resume()
    },
    close() {
      stdin.off('data', feed)
      stdin.pause()
      stdin.setRawMode?.(false)
    },
    mark(pastes) {
      marking = pastes
      stdout.write(pastes ? PASTE.on : PASTE.off)
    },
    async next() {
      for (;;) {
        const [head] = queue
        const before = head?.text.length ?? 0
        // Each insertion redraws the line, so a long text is taken when all of it is there.
        if (head && (queue.length > 1 || before < LONG)) break
        if (head) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        else await new Promise<void>((resolve) => (wake = resolve))
        if (head && head.text.length === before) break
      }
      return queue.shift() as Token
    },
    drop: () => {
      queue = []
    },
    end() {
      stdin.off('end', end)
      stdin.off('error', end)
    },
  }
}

/** Turns chunks of bytes into tokens, whichever way they were cut. */
function createFeed(push: (tokens: Token[]) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  let held = ''
  let paste: string | undefined
  let timer: NodeJS.Timeout | undefined
  const feed = (text: string): void => {
    if (paste !== undefined) {
      const from = Math.max(0, paste.length - PASTE.end.length)
      paste += text
      const end = paste.indexOf(PASTE.end, from)
      if (end < 0) return
      const rest = paste.slice(end + PASTE.end.length)
      push(pasteTokens(paste.slice(0, end)))
      paste = undefined
      feed(rest)
      return
    }
    const begin = text.indexOf(PASTE.begin)
    if (begin >= 0) {
      push(tokensOf(text.slice(0, begin)))
      paste = ''
      feed(text.slice(begin + PASTE.begin.length))
      return
    }
    held = cutKey(text)
    push(tokensOf(text.slice(0, text.length - held.length)))
    // Bytes that came while the process was busy are read before the immediate runs.
    if (held) timer = setTimeout(() => setImmediate(flush, held), held === '\x1b' ? ESCAPE_MS : REST_MS)
  }
  const flush = (key: string) => {
    if (held !== key) return
    held = ''
    push([{ kind: 'key', text: key }])
  }
  return (chunk) => {
    clearTimeout(timer)
    const text = held + decoder.write(chunk)
    held = ''
    feed(text)
  }
}
