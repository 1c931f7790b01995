import { type Interface, type Key, createInterface as open } from 'node:readline'
import { Readable } from 'node:stream'
import type { Input } from './input.ts'
import { createKeys } from './keypress.ts'
import type { Line } from './line.ts'
import { searchBack } from './reverse-search.ts'

/** The result of a prompt: a line, `stopped` (Ctrl-C on an empty line), `cleared` (Ctrl-C on a text) or `ended` (Ctrl-D on an empty line). */
export type Answer = { line: string; pasted: boolean } | 'stopped' | 'cleared' | 'ended'

/** Reads lines from a terminal, with history, completion and key bindings. */
export interface Editor {
  read(prompt: string): Promise<Answer>
  /** Sets the history (newest first), the completion and the key bindings of the next prompts. */
  use(history: string[], tab: TabHandler, keys?: KeyHandler): void
  /** Writes text above the prompt. */
  above(text: string): void
}

/** The action of a key that is pressed with Ctrl, if the key has one. The action returns true to enter the line. */
export type KeyHandler = (letter: string) => ((line: Line) => Promise<boolean>) | undefined

/** Completes the line; `repeated` is true for the second Tab in a row. */
export type TabHandler = (line: Line, repeated: boolean) => Promise<void>

/** The terminal of an editor. */
export interface EditorOptions {
  input: Input
  output: NodeJS.WriteStream
}

/** Undocumented fields of readline. */
type ReadlineFields = { line: string; cursor: number; prevRows: number; history: string[] }

/** An editor on Node's readline. Readline gets one key at a time, so that keys typed after Enter wait for the next prompt. */
export function createEditor({ input, output }: EditorOptions): Editor {
  const source = Object.assign(new Readable({ read() {} }), { setRawMode: (on: boolean) => process.stdin.setRawMode?.(on) })
  const readline = open({ input: source, output, terminal: true, historySize: 0 })
  // Readline draws its prompt at every resize, also over the output of a running command.
  const drawPrompt = output.listeners('resize').at(-1) as () => void
  output.off('resize', drawPrompt)
  const state: State = {
    ...{ input, output, readline, line: lineOf(readline, output), keysOf: createKeys(), history: [] },
    ...{ tab: async () => undefined, keys: () => undefined },
  }
  return {
    read(prompt) {
      output.on('resize', drawPrompt)
      return readAnswer(state, prompt).finally(() => output.off('resize', drawPrompt))
    },
    use(history, tab, keys = () => undefined) {
      Object.assign(state, { history, tab, keys })
      Object.assign(readline, { history } satisfies Partial<ReadlineFields>)
    },
    above(text) {
      output.write(`\r\x1b[J${text}`)
      Object.assign(readline, { prevRows: 0 } satisfies Partial<ReadlineFields>)
      readline.prompt(true)
    },
  }
}

interface State extends EditorOptions {
  readline: Interface
  line: Line
  keysOf: ReturnType<typeof createKeys>
  /** Earlier lines, the newest first. */
  history: string[]
  tab: TabHandler
  keys: KeyHandler
}

async function readAnswer(state: State, prompt: string): Promise<Answer> {
  const { input, readline, line, keysOf, tab } = state
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
    if (token.kind === 'text') insert(state, token.text)
    if (token.kind === 'enter') pressEnter(readline)
    const isTab = token.text === '\t' && token.kind === 'key'
    tabs = isTab ? tabs + 1 : 0
    // After an error in the completion, Tab offers nothing.
    if (isTab) await tab(line, tabs > 1).catch(() => undefined)
    else if (token.kind === 'key') for (const [text, key] of keysOf(token)) if (await handleKey(state, text, key)) return stop(state, key)
    if (entered !== undefined) return { line: entered, pasted: token.pasted === true }
  }
}

const pressEnter = (readline: Interface) => readline.write(null, { name: 'return' })

function insert({ readline, line }: State, text: string): void {
  // Since Node 24 readline ends a line at these two characters.
  if (!/[\u2028\u2029]/.test(text)) {
    readline.write(text)
    return
  }
  const at = line.cursor()
  line.set(line.text().slice(0, at) + text + line.text().slice(at), at + text.length)
}

/** Handles a key. Returns true if the key ends the prompt without a line. */
async function handleKey(state: State, text: string | undefined, key: Key): Promise<boolean> {
  const { readline, line, keys } = state
  if (key.ctrl && (key.name === 'c' || (key.name === 'd' && !line.text()))) return true
  const bound = key.ctrl ? keys(key.name ?? '') : undefined
  if (bound) {
    if (await bound(line)) pressEnter(readline)
  } else if (key.ctrl && key.name === 'r') await searchHistory(state)
  else readline.write(text as string, key)
  return false
}

async function searchHistory({ input, readline, line, keysOf, history }: State): Promise<void> {
  const prompt = readline.getPrompt()
  const result = await searchBack(input, keysOf, line, history)
  line.prompt(prompt)
  line.set(line.text(), line.cursor())
  if (result === 'run') pressEnter(readline)
  else if (result) for (const [next, after] of keysOf(result)) readline.write(next as string, after)
}

function stop({ readline, line, output }: State, key: Key): Answer {
  const empty = !line.text()
  readline.write(null, { ctrl: true, name: 'e' })
  output.write(key.name === 'c' ? '^C\n' : '\n')
  Object.assign(readline, { line: '', cursor: 0, prevRows: 0 } satisfies Partial<ReadlineFields>)
  return key.name === 'd' ? 'ended' : empty ? 'stopped' : 'cleared'
}

function lineOf(readline: Interface, output: NodeJS.WriteStream): Line {
  const inner: ReadlineFields = readline as unknown as ReadlineFields
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
