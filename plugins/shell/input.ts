import { StringDecoder } from 'node:string_decoder'
import { incompleteKey, pasteTokens, type Token, tokensOf } from './keys.ts'

/** The keys of the terminal, in order. Keys that a prompt does not read remain for the next prompt. */
export interface Input {
  /** Starts reading in raw mode, key by key. */
  open(): void
  /** Stops reading. Restores the mode of the terminal, for a command, unless a prompt waits. */
  close(): void
  /** Turns bracketed paste on or off. */
  mark(pastes: boolean): void
  /** The next token. */
  next(): Promise<Token>
  /** Discards the tokens that are not yet read. */
  drop(): void
  /** Removes all listeners. */
  end(): void
}

const PASTE = { on: '\x1b[?2004h', off: '\x1b[?2004l', begin: '\x1b[200~', end: '\x1b[201~' }
/** The maximum wait for more of a long text. */
const PAUSE_MS = 10
/** The maximum wait for the rest of an escape sequence after the byte Escape alone, which is also a key. */
const ESCAPE_MS = 30
/** The maximum wait for the rest of a longer, incomplete sequence. */
const REST_MS = 500
/** The length from which a text is long, in UTF-16 code units. */
const LONG = 256

let bracketedPaste = false

/** True if bracketed paste is on. */
export const isBracketedPaste = () => bracketedPaste

let promptWaits = false

/**
 * Runs the work of a key binding; afterwards, the same prompt continues. The terminal stays in raw mode meanwhile: in line mode, the
 * terminal would lose a Backspace that is typed between the work and the prompt.
 */
export async function whilePromptWaits<T>(work: () => Promise<T>): Promise<T> {
  promptWaits = true
  try {
    return await work()
  } finally {
    promptWaits = false
  }
}

/** Creates an input on the streams of a terminal; reading starts with open(). */
export function openInput(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Input {
  const { push, next, drop } = createTokenQueue()
  const feed = createTokenizer(push)
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
      if (!promptWaits) stdin.setRawMode?.(false)
    },
    mark(pastes) {
      bracketedPaste = pastes
      stdout.write(pastes ? PASTE.on : PASTE.off)
    },
    next,
    drop,
    end() {
      stdin.off('end', end)
      stdin.off('error', end)
    },
  }
}

/** A queue of tokens, in which adjacent texts are one token. */
function createTokenQueue() {
  let queue: Token[] = []
  let wake = () => {}
  return {
    push(tokens: Token[]) {
      for (const token of tokens) {
        const last = queue.at(-1)
        if (token.kind === 'text' && last?.kind === 'text') last.text += token.text
        else queue.push({ ...token })
      }
      wake()
    },
    async next(): Promise<Token> {
      for (;;) {
        const [head] = queue
        const before = head?.text.length ?? 0
        // Each insertion redraws the line, so the loop waits until a long text is complete.
        if (head && (queue.length > 1 || before < LONG)) break
        if (head) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        else await new Promise<void>((resolve) => (wake = resolve))
        if (head && head.text.length === before) break
      }
      return queue.shift() as Token
    },
    drop() {
      queue = []
    },
  }
}

/** Returns a function that converts chunks of bytes to tokens. A chunk may end within a character, a key or a paste. */
function createTokenizer(push: (tokens: Token[]) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  const keys = createKeyTokenizer(push)
  let paste: string | undefined
  const feedPaste = (before: string, text: string): void => {
    const whole = before + text
    const end = whole.indexOf(PASTE.end, Math.max(0, before.length - PASTE.end.length))
    paste = end < 0 ? whole : undefined
    if (end < 0) return
    push(pasteTokens(whole.slice(0, end)))
    feed(whole.slice(end + PASTE.end.length))
  }
  const feed = (text: string): void => {
    const begin = text.indexOf(PASTE.begin)
    if (begin < 0) {
      keys.feed(text)
      return
    }
    push(tokensOf(text.slice(0, begin)))
    feedPaste('', text.slice(begin + PASTE.begin.length))
  }
  return (chunk) => {
    const text = keys.takeIncomplete() + decoder.write(chunk)
    if (paste === undefined) feed(text)
    else feedPaste(paste, text)
  }
}

/** Converts text without pastes to tokens. A key that is incomplete becomes a token if the rest does not arrive in time. */
function createKeyTokenizer(push: (tokens: Token[]) => void) {
  let incomplete = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (key: string) => {
    if (incomplete !== key) return
    incomplete = ''
    push([{ kind: 'key', text: key }])
  }
  return {
    /** Returns the incomplete key, which the next text may complete. */
    takeIncomplete(): string {
      clearTimeout(timer)
      const text = incomplete
      incomplete = ''
      return text
    },
    feed(text: string): void {
      incomplete = incompleteKey(text)
      push(tokensOf(text.slice(0, text.length - incomplete.length)))
      // setImmediate() runs after the bytes that arrived while the process was busy are read.
      if (incomplete) timer = setTimeout(() => setImmediate(flush, incomplete), incomplete === '\x1b' ? ESCAPE_MS : REST_MS)
    },
  }
}
