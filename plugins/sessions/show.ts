import {
  type Context,
  collect,
  defineCommand,
  escapeControls,
  flag,
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
import { codeOf, contentsOf } from './contents.ts'
import { noteHidden } from './hidden-messages.ts'
import type { Reading } from './hooks.ts'
import { lastMessages } from './last-messages.ts'
import { messagesAround } from './messages-around.ts'
import { readingsOf } from './readings.ts'

const Input = z.object({
  ids: z.array(z.string()).default([]).meta({ value: 'id' }),
  summary: flag('Show the session without messages'),
  skip: wholeNumber(0).default(0).describe('Number of messages to skip').meta({ value: 'count' }),
  limit: wholeNumber(1).optional().describe('Maximum number of messages').meta({ value: 'count' }),
  tail: wholeNumber(1).optional().describe('Show only the last messages').meta({ alias: 'n', value: 'count' }),
  around: wholeNumber(1).optional().describe('Show the message with this number and its neighbors').meta({ value: 'seq' }),
  context: wholeNumber(0).optional().describe('Number of messages before and after --around (default: 3)').meta({ value: 'count' }),
  hidden: flag('Show hidden messages too'),
  raw: flag('Show only the contents of messages'),
  code: flag('Show only the code blocks in messages'),
  full: flag('Show tool calls and results in full'),
})
type Input = z.output<typeof Input>

/** The command `session show`. */
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
    const readings = await readingsOf(context, input.ids)
    if (input.around !== undefined && readings.length > 1) throw usage(`--around takes one session, not ${readings.length}`)
    const results: SessionText[] = []
    for (const each of readings)
      results.push(toSessionText(each.session, input.summary ? undefined : await messagesOf(each, input, context), input))
    if (input.code) for (const each of results) each.text = await codeOf(each.session, each.messages ?? [])
    else if (input.raw) for (const each of results) each.text = contentsOf(each.messages ?? [])
    return results.length === 1 && results[0] ? results[0] : results
  },
  async *print(data, view, format) {
    const write = format === 'markdown' ? markdownOf : textOf
    let first = true
    for (const { session, messages, marks, text } of Array.isArray(data) ? data : [data]) {
      if (!first) yield '\n'
      first = false
      if (text === undefined) yield* write(session, messages && [messages], view, marks)
      else yield view.interactive ? escapeControls(text) : text
    }
  },
})

function checkFlags({ ids, around, context, skip, limit, tail, summary, raw, code }: Input, { format }: Context): void {
  if (ids.length === 0) throw usage('session show requires a session id', 'ainative-code session list lists the ids')
  if (around === undefined && context !== undefined) throw usage('--context requires --around SEQ', 'ainative-code session show --help')
  if (around !== undefined && (summary || skip > 0 || limit !== undefined))
    throw usage(
      '--around cannot be combined with --summary, --skip or --limit',
      '--context COUNT sets the number of messages before and after',
    )
  if (tail !== undefined && (around !== undefined || summary || skip > 0 || limit !== undefined))
    throw usage('--tail cannot be combined with --around, --summary, --skip or --limit')
  if (!raw && !code) return
  if (raw && code) throw usage('--raw and --code cannot be combined')
  if (summary) throw usage(`--summary and --${raw ? 'raw' : 'code'} cannot be combined`)
  if (format !== 'text') throw usage(`--${raw ? 'raw' : 'code'} prints text: leave out --json, --format, --fields and --query`)
}

async function messagesOf(reading: Reading, { skip, limit, tail, around, context: count = 3, hidden }: Input, context: Context) {
  const { session } = reading
  if (around !== undefined) return messagesAround(reading, session, around, count, !hidden)
  if (tail !== undefined) return lastMessages(reading, session, tail, !hidden)
  const range: MessageRange = { skip, limit, visible: !hidden }
  const messages = await collect(reading.messages(session, range))
  if (!hidden && skip === 0 && limit === undefined) noteHidden(session.message_count - messages.length, 'shows', context)
  return messages
}

/** A session with its messages to print. */
interface SessionText {
  session: Session
  messages: Message[] | undefined
  marks: Marks
  /** The text of --raw or --code, which replaces the messages. */
  text?: string
  toJSON(): unknown
}

/** Creates the result of the command, whose JSON has the fields in the documented order. */
const toSessionText = (session: Session, messages: Message[] | undefined, { around, hidden, full }: Input): SessionText => ({
  session,
  messages,
  marks: { numbered: around !== undefined || hidden, at: around, tools: full ? 'full' : 'short' },
  toJSON() {
    const { head, tail } = sessionJson(session)
    return { ...head, ...(messages && { messages: messages.map(messageJson) }), ...tail }
  },
})
