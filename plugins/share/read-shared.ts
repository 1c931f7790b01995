import { type Context, type Message, type MessageRange, oneLine, Problem, type Session } from 'ainative-code'
import { plural, type Reading } from '../sessions/index.ts'
import { atServer } from './at-server.ts'
import { openRows } from './open-rows.ts'
import { notShared, readRows } from './server-rows.ts'
import { sharedMessages } from './shared-messages.ts'
import { sharedSession } from './shared-session.ts'

/** A shared session with its messages, and the newest revision of what was read. */
export interface SharedCopy {
  session: Session
  messages: Message[]
  rev: number
  /** The number of messages that can only be read after the next sync of the owner. */
  later: number
}

/** Reads a shared session, with its messages of a revision after `since`. Throws a Problem if it is not shared with the user. */
export async function readCopy(word: string, since: number, context: Context): Promise<SharedCopy> {
  const rows = await atServer(context, async (server) => openRows(server, await readRows(server, word, since), context))
  const { messages, unread } = await sharedMessages(rows.messages)
  const session = await sharedSession(rows.session)
  if (!session) throw notShared(word)
  const { changed, later, rev } = rows
  if (unread > 0 && messages.length === 0)
    throw new Problem('not-shared', `${session.id} cannot be read: its owner uses a newer version of ainative-code`, {
      hint: `ask ${oneLine(rows.session.owner)} to export the session to a file`,
    })
  if (unread > 0) context.note(`warning: ${unread} messages of ${session.id} are invalid, or of a newer version of ainative-code`)
  if (changed > 0)
    context.note(`warning: ${plural(changed, 'message')} of ${session.id} left out: not as ${oneLine(rows.session.owner)} wrote them`)
  return { session: { ...session, message_count: messages.length }, messages, rev, later }
}

/** What a reader is told of messages whose key is not sealed yet. */
export const laterText = ({ session, later }: SharedCopy) =>
  `${plural(later, 'message')} of ${session.id} cannot be read before the next session sync of ${oneLine(String(session.origin?.owner))}`

/** Reads a shared session for `session show`. */
export async function readShared(word: string, context: Context): Promise<Reading> {
  const copy = await readCopy(word, 0, context)
  const { session, messages } = copy
  if (copy.later > 0) context.note(`warning: ${laterText(copy)}`)
  context.note(oneLine(`shared by ${session.origin?.owner} with ${session.origin?.team}`), 'dim')
  return { session, messages: (_, range) => pageOf(messages, range) }
}

/** Yields a range of messages as a store does. */
async function* pageOf(messages: Message[], range: MessageRange = {}): AsyncIterable<Message[]> {
  const { skip = 0, limit = messages.length, from, before = 0, visible } = range
  const found = visible ? messages.filter(({ hidden }) => !hidden) : messages
  const start = from === undefined ? skip : Math.max(0, found.filter(({ seq }) => seq < from).length - before)
  yield found.slice(start, start + limit)
}
