import { styleText } from 'node:util'
import {
  type Context,
  collect,
  defineCommand,
  escapeControls,
  findId,
  localTime,
  type Message,
  messageJson,
  oneLine,
  Problem,
  plural,
  type Session,
  type Store,
  stringifyJson,
  usage,
  type View,
} from 'ainative-code'
import * as z from 'zod'

/** Two sessions, their common first messages, and the remaining messages of each session. */
interface Difference {
  sessions: Pick<Session, 'id' | 'title' | 'parent_id' | 'message_count'>[]
  /** True if one session is a fork of the other, or both are forks of a third session. */
  related: boolean
  common: Message[]
  only: Message[][]
}

/** The command `session diff`. */
export const diff = defineCommand({
  name: 'session diff',
  summary: 'Compare two forks of a session',
  group: 'Sessions',
  argvAliases: ['sessions diff'],
  writes: false,
  args: ['a', 'b'],
  input: z.object({ a: z.string().meta({ complete: 'id', value: 'id' }), b: z.string().meta({ complete: 'id', value: 'id' }) }),
  formats: ['text', 'json'],
  pager: true,
  styled: true,
  examples: ['ainative-code session diff abc123def456 def789ghi012'],
  async run({ a, b }, context) {
    const [one, other] = [await sessionOf(context, a), await sessionOf(context, b)]
    if (one.id === other.id) throw usage(`session diff requires two different sessions, but both are ${one.id}`)
    const store = await context.host.store()
    const [left, right] = [await messagesOf(store, one), await messagesOf(store, other)]
    const hidden = one.message_count + other.message_count - left.length - right.length
    if (hidden > 0) context.note(`${plural(hidden, 'hidden message')} omitted`)
    const count = commonCount(left, right)
    const only = [left.slice(count), right.slice(count)]
    return withJson({
      sessions: [one, other],
      related: await areRelated(store, one, other),
      common: left.slice(0, count),
      only,
    })
  },
  print: (difference, view) => textOf(difference, view),
})

async function sessionOf(context: Context, word: string): Promise<Session> {
  const id = await findId(context, word)
  const session = await (await context.host.store()).get(id)
  if (session) return session
  throw new Problem('no-session', `the session ${id} no longer exists`)
}

async function messagesOf(store: Store, session: Session): Promise<Message[]> {
  return collect(store.messages(session, { visible: true }))
}

/** Counts the common first messages. Compares their contents: a fork copies messages under new ids. */
function commonCount(left: Message[], right: Message[]): number {
  const at = left.findIndex((message, i) => {
    const other = right[i]
    return !other || message.role !== other.role || message.content !== other.content || partsOf(message) !== partsOf(other)
  })
  return at < 0 ? left.length : at
}

const partsOf = ({ parts }: Message) => (parts ? stringifyJson(parts) : '')

/** True if one session is an ancestor of the other, or both share an ancestor. */
async function areRelated(store: Store, one: Session, other: Session): Promise<boolean> {
  const known = new Set(await ancestors(store, one))
  return (await ancestors(store, other)).some((id) => known.has(id))
}

/** The ids of a session and of its ancestors, including the id of a purged parent. */
async function ancestors(store: Store, session: Session): Promise<string[]> {
  const ids = new Set<string>()
  for (let at: Session | undefined = session; at && !ids.has(at.id); ) {
    ids.add(at.id)
    const parent: string | undefined = at.parent_id
    at = parent === undefined || ids.has(parent) ? undefined : await store.get(parent)
    if (parent !== undefined && !at) ids.add(parent)
  }
  return [...ids]
}

const withJson = (difference: Difference) => ({
  ...difference,
  toJSON: () => ({
    sessions: difference.sessions.map(({ id, title, parent_id, message_count }) => ({ id, title, parent_id, message_count })),
    related: difference.related,
    common: difference.common.map(messageJson),
    only: difference.only.map((messages) => messages.map(messageJson)),
  }),
})

/** The maximum width of a rule, in columns. */
const MAX_RULE = 60

function* lines({ sessions, related, common, only }: Difference, view: View): Iterable<string> {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    view.color ? styleText(format, text, { validateStream: false }) : text
  const safe = view.interactive ? oneLine : (text: string) => text
  const rule = style('dim', (view.ascii ? '-' : '─').repeat(Math.min(view.width, MAX_RULE)))
  const part = function* (title: string, messages: Message[]) {
    yield `\n${rule}\n${style('bold', title)}\n`
    for (const { role, timestamp, content } of messages) {
      const heading = `[${role.charAt(0).toUpperCase()}${role.slice(1)} - ${localTime(timestamp, 'HH:mm:ss')}]`
      yield `\n${style(role === 'user' ? 'green' : 'cyan', heading)}\n${view.interactive ? escapeControls(content) : content}\n`
    }
  }
  for (const { id, title } of sessions) yield `${style('bold', `${id}:`)} ${safe(title)}\n`
  if (!related) yield 'These sessions are not forks of one session.\n'
  if (!related && common.length === 0) return
  yield* part(`In both sessions: ${plural(common.length, 'message')}`, common)
  for (const [i, messages] of only.entries()) yield* part(`Only in ${sessions[i]?.id}: ${plural(messages.length, 'message')}`, messages)
}

async function* textOf(difference: Difference, view: View): AsyncIterable<string> {
  yield* lines(difference, view)
}
