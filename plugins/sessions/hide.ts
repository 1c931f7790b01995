import { type Context, defineCommand, type Message, plural, type Session, type Store, usage } from 'ainative-code'
import * as z from 'zod'
import { messagesAround } from './messages-around.ts'
import { findFirstTarget } from './targets.ts'

const Input = z.object({
  words: z
    .array(z.string())
    .default([])
    .meta({ value: 'id seq', complete: ['id'] }),
})

async function setHidden(context: Context, command: string, words: string[], hidden: boolean) {
  const store = await context.host.store()
  const { ids, rest } = await findFirstTarget(context, command, words)
  if (ids.length > 1) throw usage(`${command} takes one session, not ${ids.length}`)
  const [id = ''] = ids
  if (rest.length === 0) throw usage(`${command} requires a message number`, `ainative-code session outline ${id}`)
  const ranges = rest.map(rangeOf)
  const session = (await store.get(id)) as Session
  const messages = new Map<number, Place>()
  for (const range of ranges) for (const message of await messagesIn(store, session, range)) messages.set(message.seq, message)
  const setMessages = [...messages.values()]
    .filter((message) => (message.hidden ?? false) !== hidden)
    .map((message) => ({ id: message.id, hidden }))
  if (setMessages.length > 0) await store.save([{ id, setMessages }])
  return { id, seqs: [...messages.keys()].sort((a, b) => a - b), hidden }
}

type Place = Pick<Message, 'seq' | 'id' | 'hidden'>

interface Range {
  first: number
  last: number
}

/** Parses a message number such as `7`, or a range such as `3-7`. Throws a Problem for any other text. */
function rangeOf(word: string): Range {
  const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(word) ?? []
  const range = { first: Number(first), last: Number(last) }
  if (range.first >= 1 && range.first <= range.last) return range
  throw usage(`${JSON.stringify(word)} is not a message number; expected a number such as 7, or a range such as 3-7`)
}

/** Reads the messages of a range. Throws a Problem about the first number if the range has no messages. */
async function messagesIn(store: Store, session: Session, { first, last }: Range): Promise<Place[]> {
  if (first === last) return messagesAround(store, session, first, 0, false)
  const found: Place[] = []
  for await (const page of store.messages(session, { from: first })) {
    for (const { seq, id, hidden } of page) if (seq <= last) found.push({ seq, id, hidden })
    if ((page.at(-1)?.seq ?? 0) >= last) break
  }
  return found.length > 0 ? found : messagesAround(store, session, first, 0, false)
}

const describe = ({ id, seqs }: { id: string; seqs: number[] }) =>
  `${seqs.length === 1 ? `message ${seqs[0]}` : plural(seqs.length, 'message')} of ${id}`

/** The command `session hide`. */
export const hide = defineCommand({
  name: 'session hide',
  summary: 'Hide messages from models, exports and search',
  group: 'Sessions',
  argvAliases: ['sessions hide'],
  writes: true,
  fields: ['id', 'seqs', 'hidden'],
  args: ['words'],
  input: Input,
  examples: ['ainative-code session hide abc123def456 4 7-9'],
  run: ({ words }, context) => setHidden(context, 'session hide', words, true),
  print: (data) => `Hid ${describe(data)}\n`,
})

/** The command `session unhide`. */
export const unhide = defineCommand({
  name: 'session unhide',
  summary: 'Show hidden messages again',
  group: 'Sessions',
  argvAliases: ['sessions unhide'],
  writes: true,
  fields: ['id', 'seqs', 'hidden'],
  args: ['words'],
  input: Input,
  run: ({ words }, context) => setHidden(context, 'session unhide', words, false),
  print: (data) => `Unhid ${describe(data)}\n`,
})
