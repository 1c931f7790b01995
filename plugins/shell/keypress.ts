import { emitKeypressEvents, type Key } from 'node:readline'
import { Readable } from 'node:stream'
import type { Token } from './keys.ts'

/** Returns a function that decodes a token to keys with the table of Node's readline. */
export function createKeys(): (token: Token) => [string | undefined, Key][] {
  const source = new Readable({ read() {} })
  let keys: [string | undefined, Key][] = []
  emitKeypressEvents(source)
  source.on('keypress', (text: string | undefined, key: Key) => keys.push([text, key]))
  return ({ text }) => {
    // Readline would wait for the rest of a sequence.
    if (text === '\x1b') return [[undefined, { name: 'escape' }]]
    keys = []
    source.emit('data', text)
    return keys
  }
}
