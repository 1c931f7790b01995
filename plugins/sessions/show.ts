import {
  collect,
  defineCommand,
  findIds,
  flag,
  type Message,
  messageJson,
  type Session,
  sessionJson,
  usage,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { markdownOf, textOf } from '../formats/index.ts'

export const show = defineCommand({
  name: 'session show',
  summary: 'Show a session and its messages',
  writes: false,
  args: ['ids'],
  input: z.object({
    ids: z.array(z.string()).default([]).meta({ value: 'id' }),
    summary: flag('Without its messages'),
    skip: wholeNumber(0).default(0).describe('Leave out the first messages').meta({ value: 'count' }),
    limit: wholeNumber(1).optional().describe('At most this many messages').meta({ value: 'count' }),
  }),
  formats: ['text', 'markdown', 'json'],
  pager: true,
  styled: true,
  async run({ ids: words, summary, skip, limit }, context) {
    if (words.length === 0) throw usage('session show needs a session id', 'ainative-code session list shows them')
    const store = await context.host.store()
    const shown: Shown[] = []
    for (const id of await findIds(context, words)) {
      const session = await store.get(id)
      if (session) shown.push(toShown(session, summary ? undefined : await collect(store.messages(session, { skip, limit }))))
    }
    return shown.length === 1 && shown[0] ? shown[0] : shown
  },
  async *print(data, view, format) {
    const write = format === 'markdown' ? markdownOf : textOf
    let first = true
    for (const { session, messages } of Array.isArray(data) ? data : [data]) {
      if (!first) yield '\n'
      first = false
      yield* write(session, messages && [messages], view)
    }
  },
})

interface Shown {
  session: Session
  messages: Message[] | undefined
  toJSON(): unknown
}

/** Prints as the guide's JSON. */
const toShown = (session: Session, messages: Message[] | undefined): Shown => ({
  session,
  messages,
  toJSON() {
    const { head, tail } = sessionJson(session)
    return { ...head, ...(messages && { messages: messages.map(messageJson) }), ...tail }
  },
})
