import {
  type Context,
  collect,
  defineCommand,
  findIds,
  flag,
  harmless,
  type Message,
  type MessageRange,
  messageJson,
  type Session,
  sessionJson,
  usage,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { type Marks, markdownOf, textOf } from '../formats/index.ts'
import { messagesAround } from './around.ts'
import { codeOf, contentsOf } from './contents.ts'
import { noteHidden } from './hidden.ts'
import { lastMessages } from './last.ts'

const Input = z.object({
  ids: z.array(z.string()).default([]).meta({ value: 'id' }),
  summary: flag('Without its messages'),
  skip: wholeNumber(0).default(0).describe('Leave out the first messages').meta({ value: 'count' }),
  limit: wholeNumber(1).optional().describe('At most this many messages').meta({ value: 'count' }),
  tail: wholeNumber(1).optional().describe('Only the last messages').meta({ alias: 'n', value: 'count' }),
  around: wholeNumber(1).optional().describe('Only the message with this number and those around it').meta({ value: 'seq' }),
  context: wholeNumber(0).optional().describe('Messages before and after --around (default: 3)').meta({ value: 'count' }),
  hidden: flag('Show hidden messages too'),
  raw: flag('The contents of the messages alone'),
  code: flag('The blocks of code in the messages alone'),
  full: flag('Tool calls and their results whole'),
})
type Input = z.output<typeof Input>

export const show = defineCommand({
  name: 'session show',
  summary: 'Show a session and its messages',
  group: 'Sessions',
  argvAliases: ['sessions show'],
  writes: false,
  args: ['ids'],
  input: Input,
  formats: ['text', 'markdown', 'json'],
  fields: ['id', 'title', 'created_at', 'updated_at', 'provider', 'model', 'metadata', 'messages', 'status', 'parent_id'],
  pager: true,
  styled: true,
  examples: [
    'ainative-code session show last -n 2',
    'ainative-code session show last --tail 1 --code',
    'ainative-code session show abc123def456 --around 12 --context 5',
  ],
  async run(input, context) {
    checkFlags(input, context)
    const store = await context.host.store()
    const ids = await findIds(context, input.ids)
    if (input.around !== undefined && ids.length > 1) throw usage(`--around takes one session, and these are ${ids.length}`)
    const shown: Shown[] = []
    for (const id of ids) {
      const session = await store.get(id)
      if (session) shown.push(toShown(session, input.summary ? undefined : await messagesOf(session, input, context), input))
    }
    if (input.code) for (const each of shown) each.text = await codeOf(each.session, each.messages ?? [])
    else if (input.raw) for (const each of shown) each.text = contentsOf(each.messages ?? [])
    return shown.length === 1 && shown[0] ? shown[0] : shown
  },
  async *print(data, view, format) {
    const write = format === 'markdown' ? markdownOf : textOf
    let first = true
    for (const { session, messages, marks, text } of Array.isArray(data) ? data : [data]) {
      if (!first) yield '\n'
      first = false
      if (text === undefined) yield* write(session, messages && [messages], view, marks)
      else yield view.interactive ? harmless(text) : text
    }
  },
})

function checkFlags({ ids, around, context, skip, limit, tail, summary, raw, code }: Input, { format }: Context): void {
  if (ids.length === 0) throw usage('session show needs a session id', 'ainative-code session list shows them')
  if (around === undefined && context !== undefined) throw usage('--context needs --around SEQ', 'ainative-code session show --help')
  if (around !== undefined && (summary || skip > 0 || limit !== undefined))
    throw usage('--around excludes --summary, --skip and --limit', '--context sets how many messages are shown around it')
  if (tail !== undefined && (around !== undefined || summary || skip > 0 || limit !== undefined))
    throw usage('--tail excludes --around, --summary, --skip and --limit')
  if (!raw && !code) return
  if (raw && code) throw usage('--raw and --code exclude each other')
  if (summary) throw usage(`--summary excludes --${raw ? 'raw' : 'code'}`)
  if (format !== 'text') throw usage(`--${raw ? 'raw' : 'code'} gives text: leave out --json, --format, --fields and --query`)
}

async function messagesOf(session: Session, { skip, limit, tail, around, context: count = 3, hidden }: Input, context: Context) {
  const store = await context.host.store()
  if (around !== undefined) return messagesAround(store, session, around, count, !hidden)
  if (tail !== undefined) return lastMessages(store, session, tail, !hidden)
  const range: MessageRange = { skip, limit, visible: !hidden }
  const messages = await collect(store.messages(session, range))
  if (!hidden && skip === 0 && limit === undefined) noteHidden(session.message_count - messages.length, 'shows', context)
  return messages
}

interface Shown {
  session: Session
  messages: Message[] | undefined
  marks: Marks
  /** What --raw or --code shows in their place. */
  text?: string
  toJSON(): unknown
}

/** Prints as the guide's JSON. */
const toShown = (session: Session, messages: Message[] | undefined, { around, hidden, full }: Input): Shown => ({
  session,
  messages,
  marks: { numbered: around !== undefined || hidden, at: around, tools: full ? 'full' : 'short' },
  toJSON() {
    const { head, tail } = sessionJson(session)
    return { ...head, ...(messages && { messages: messages.map(messageJson) }), ...tail }
  },
})
