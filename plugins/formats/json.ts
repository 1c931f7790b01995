import { type Format, type Message, messageJson, type Session, sessionJson } from 'ainative-code'

/** The guide's JSON: indented for one session, a session a line in a file of many. */
async function* write(session: Session, messages: Iterable<Message> | AsyncIterable<Message>, compact: boolean): AsyncIterable<string> {
  const { head, tail } = sessionJson(session)
  const line = (indent: number) => (compact ? '' : `\n${' '.repeat(indent)}`)
  const space = compact ? undefined : 2
  const text = (value: unknown, indent: number) => {
    const json = JSON.stringify(value, null, space)
    return compact ? json : json.replaceAll('\n', `\n${' '.repeat(indent)}`)
  }
  const open = JSON.stringify(head, null, space)
  yield `${open.slice(0, compact ? -1 : -2)},${line(2)}${compact ? '"messages":[' : '"messages": ['}`
  let some = false
  for await (const message of messages) {
    yield `${some ? ',' : ''}${line(4)}${text(messageJson(message), 4)}`
    some = true
  }
  const rest = Object.keys(tail).length > 0 ? `,${JSON.stringify(tail, null, space).slice(1)}` : `${line(0)}}`
  yield `${some ? line(2) : ''}]${rest}`
}

export const json: Format = {
  name: 'json',
  extension: '.json',
  write: ({ messages, ...session }) => write(session, messages, false),
  async *stream(session, messages, many) {
    yield* write(session, messages, many)
    if (!many) yield '\n'
  },
  many: { begin: '[\n', between: ',\n', end: '\n]\n' },
}

export const jsonl: Format = {
  name: 'jsonl',
  extension: '.jsonl',
  write: ({ messages, ...session }) => write(session, messages, true),
  async *stream(session, messages) {
    yield* write(session, messages, true)
    yield '\n'
  },
  many: { begin: '', between: '', end: '' },
}
