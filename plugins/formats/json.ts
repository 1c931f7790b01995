import { type Format, messageJson, type Session, sessionJson, stringifyJson } from 'ainative-code'
import type { Pages } from './text.ts'

/** The number of characters to collect per chunk. */
const CHUNK = 1 << 14

/** Writes a session as JSON: indented, or on one line if `compact` is true. */
async function* write(session: Session, pages: Pages, compact: boolean): AsyncIterable<string> {
  const { head, tail } = sessionJson(session)
  const line = (indent: number) => (compact ? '' : `\n${' '.repeat(indent)}`)
  const space = compact ? undefined : 2
  const text = (value: unknown, indent: number) => {
    if (compact) return stringifyJson(value)
    return stringifyJson(value, 2).replaceAll('\n', `\n${' '.repeat(indent)}`)
  }
  const open = stringifyJson(head, space)
  yield `${open.slice(0, compact ? -1 : -2)},${line(2)}${compact ? '"messages":[' : '"messages": ['}`
  let buffer = ''
  let hasMessages = false
  for await (const page of pages) {
    for (const message of page) {
      buffer += `${hasMessages ? ',' : ''}${line(4)}${text(messageJson(message), 4)}`
      hasMessages = true
    }
    if (buffer.length < CHUNK) continue
    yield buffer
    buffer = ''
  }
  const rest = Object.keys(tail).length > 0 ? `,${stringifyJson(tail, space).slice(1)}` : `${line(0)}}`
  yield `${buffer}${hasMessages ? line(2) : ''}]${rest}`
}

/** The format json. */
export const json: Format = {
  name: 'json',
  extension: '.json',
  write: ({ messages, ...session }) => write(session, [messages], false),
  async *stream(session, pages, many) {
    yield* write(session, pages, many)
    if (!many) yield '\n'
  },
  many: { begin: '[\n', between: ',\n', end: '\n]\n' },
}

/** The format jsonl: one session per line. */
export const jsonl: Format = {
  name: 'jsonl',
  extension: '.jsonl',
  write: ({ messages, ...session }) => write(session, [messages], true),
  async *stream(session, pages) {
    yield* write(session, pages, true)
    yield '\n'
  },
  many: { begin: '', between: '', end: '' },
}
