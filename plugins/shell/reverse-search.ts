import type { Key } from 'node:readline'
import type { Input } from './input.ts'
import type { Token } from './keys.ts'
import type { Line } from './line.ts'

type KeysOf = (token: Token) => [string | undefined, Key][]

/**
 * Searches backwards through the history while the user types. Returns `run` for Enter, or the token of the key that ended the search, to be
 * applied to the line. Returns undefined for keys that only end the search; Ctrl-C and Ctrl-G also restore the original line.
 */
export async function searchBack(input: Input, keysOf: KeysOf, line: Line, history: string[]): Promise<'run' | Token | undefined> {
  const before = { text: line.text(), cursor: line.cursor() }
  let word = ''
  let at = 0
  const find = (from: number) => {
    const match = history.findIndex((each, i) => i >= from && word !== '' && each.includes(word))
    if (match >= 0) at = match
    line.prompt(`(${match < 0 && word ? 'failed ' : ''}reverse-i-search)\`${word}': `)
    const text = match < 0 ? line.text() : (history[match] ?? '')
    line.set(text, Math.max(0, text.indexOf(word)))
  }
  find(0)
  for (;;) {
    const token = await input.next()
    const [[, key] = [undefined, {} as Key]] = token.kind === 'key' ? keysOf(token) : []
    if (token.kind === 'enter') return 'run'
    if (token.kind === 'text') word += token.text
    else if (key.name === 'backspace') word = word.slice(0, -1)
    else if (key.ctrl && (key.name === 'c' || key.name === 'g')) {
      line.set(before.text, before.cursor)
      return undefined
    } else if (!(key.ctrl && key.name === 'r')) return key.name === 'escape' || key.name === 'tab' ? undefined : token
    find(token.kind === 'text' ? at : key.name === 'r' ? at + 1 : 0)
  }
}
