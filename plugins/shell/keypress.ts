import { emitKeypressEvents, type Key } from 'node:readline'
import { Readable } from 'node:stream'
import type { Token } from './keys.ts'

/** The keys that a token's bytes stand for, by readline's own table. */
export function createKeys(): (token: Token) => [string | undefined, Key][] {
  const source = new Readable({ read() {} })
  let keys: [string | undefined, Key][] = []
  emitKeypressEvents(source)
  source.on('keypress', (text: string | undefined, key: Key) => keys.push([text, key]))
  return ({ text }) => {
    // Readline would wait for more of it.
    if (text === '\x1b') return [[undefined, { name: 'escape' }]]
    keys = []
    source.emit('data', text)
    return keys
  }
}
