import { type Interface, type Key, createInterface as open } from 'node:readline'
import { Readable } from 'node:stream'
import type { Input } from './input.ts'
import { createKeys } from './keypress.ts'
import { searchBack } from './search.ts'

/** What a prompt got: a line, Ctrl-C on an empty one or on a text, or Ctrl-D on an empty one. */
export type Answer = { line: string; pasted: boolean } | 'stopped' | 'cleared' | 'ended'

/** The line that is being typed, as Tab and the search see it. */
export interface Line {
  text(): string
  cursor(): number
  set(text: string, cursor?: number): void
  /** Writes below the line, and shows it again. */
  below(text: string): void
  prompt(text: string): void
}

export interface Editor {
  read(prompt: string): Promise<Answer>
  /** Which lines Up goes through, the newest first, and what a Tab and other keys do, from here on; the second Tab in turn lists. */
  use(history: string[], tab: Tab, keys?: Keys): void
  /** Writes in place of the prompt, which follows it. */
  above(text: string): void
}

/** What a key does that is pressed with Ctrl, if anything; true where the line is entered then. */
export type Keys = (letter: string) => ((line: Line) => Promise<boolean>) | undefined

export type Tab = (line: Line, again: boolean) => Promise<void>

export interface EditorOptions {
  input: Input
  output: NodeJS.WriteStream
}

/** What readline keeps beside its documented fields. */
type Inner = { line: string; cursor: number; prevRows: number; history: string[] }

/** Node's readline. It gets one key at a time, so that keys typed after Enter wait for the next prompt. */
export function createEditor({ input, output }: EditorOptions): Editor {
  let history: string[] = []
  let tab: Tab = async () => undefined
  let keys: Keys = () => undefined
  const source = Object.assign(new Readable({ read() {} }), { setRawMode: (on: boolean) => process.stdin.setRawMode?.(on) })
  const readline = open({ input: source, output, terminal: true, historySize: 0 })
  // Readline draws its prompt at every resize, also over what a command writes meanwhile.
  const drawPrompt = output.listeners('resize').at(-1) as () => void
  output.off('resize', drawPrompt)
  const line = lineOf(readline, output)
  const keysOf = createKeys()
  const read = (prompt: string): Promise<Answer> => {
    output.on('resize', drawPrompt)
    return readAnswer(prompt).finally(() => output.off('resize', drawPrompt))
  }
  const readAnswer = async (prompt: string): Promise<Answer> => {
    let entered: string | undefined
    readline.removeAllListeners('line').once('line', (text) => {
      entered = text
    })
    line.prompt(prompt)
    readline.prompt()
    let tabs = 0
    for (;;) {
      const token = await input.next()
      if (token.kind === 'end') return 'ended'
      if (token.kind === 'text') insert(token.text)
      if (token.kind === 'enter') readline.write(null, { name: 'return' })
      const isTab = token.text === '\t' && token.kind === 'key'
      tabs = isTab ? tabs + 1 : 0
      // A completion that fails is none.
      if (isTab) await tab(line, tabs > 1).catch(() => undefined)
      else if (token.kind === 'key') for (const [text, key] of keysOf(token)) if (await press(text, key)) return stop(key)
      if (entered !== undefined) return { line: entered, pasted: token.pasted === true }
    }
  }
  const insert = (text: string) => {
    // Since Node 24 readline ends a line at these two characters.
    if (!/[\u2028\u2029]/.test(text)) return readline.write(text)
    const at = line.cursor()
    line.set(line.text().slice(0, at) + text + line.text().slice(at), at + text.length)
  }
  /** Whether the key ends the prompt without a line. */
  const press = async (text: string | undefined, key: Key): Promise<boolean> => {
    if (key.ctrl && (key.name === 'c' || (key.name === 'd' && !line.text()))) return true
    const bound = key.ctrl ? keys(key.name ?? '') : undefined
    if (bound) {
      if (await bound(line)) readline.write(null, { name: 'return' })
      return false
    }
    if (!key.ctrl || key.name !== 'r') readline.write(text as string, key)
    else {
      const prompt = readline.getPrompt()
      const left = await searchBack(input, keysOf, line, history)
      line.prompt(prompt)
      line.set(line.text(), line.cursor())
      if (left === 'run') readline.write(null, { name: 'return' })
      else if (left) for (const [next, after] of keysOf(left)) readline.write(next as string, after)
    }
    return false
  }
  const stop = (key: Key): Answer => {
    const empty = !line.text()
    readline.write(null, { ctrl: true, name: 'e' })
    output.write(key.name === 'c' ? '^C\n' : '\n')
    Object.assign(readline, { line: '', cursor: 0, prevRows: 0 } satisfies Partial<Inner>)
    return key.name === 'd' ? 'ended' : empty ? 'stopped' : 'cleared'
  }
  return {
    read,
    use(lines, onTab, onKeys = () => undefined) {
      history = lines
      tab = onTab
      keys = onKeys
      Object.assign(readline, { history } satisfies Partial<Inner>)
    },
    above(text) {
      output.write(`\r\x1b[J${text}`)
      Object.assign(readline, { prevRows: 0 } satisfies Partial<Inner>)
      readline.prompt(true)
    },
  }
}

function lineOf(readline: Interface, output: NodeJS.WriteStream): Line {
  const inner: Inner = readline as unknown as Inner
  return {
    text: () => readline.line,
    cursor: () => readline.cursor,
    set(text, cursor = text.length) {
      Object.assign(inner, { line: text, cursor })
      readline.prompt(true)
    },
    below(text) {
      const { cursor } = inner
      readline.write(null, { ctrl: true, name: 'e' })
      output.write(`\n${text}`)
      Object.assign(inner, { cursor, prevRows: 0 })
      readline.prompt(true)
    },
    prompt: (text) => readline.setPrompt(text),
  }
}
