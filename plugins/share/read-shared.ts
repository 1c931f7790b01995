import { type Context, type Message, type MessageRange, oneLine, Problem, plural, type Session } from 'ainative-code'
import type { Reading } from '../sessions/index.ts'
import { openRows } from './open-rows.ts'
import { notShared, readRows } from './server-rows.ts'
import { sharedMessages } from './shared-messages.ts'
import { sharedSession } from './shared-session.ts'
import { withServer } from './with-server.ts'

/** A shared session with its messages. */
export interface SharedCopy {
  session: Session
  messages: Message[]
  /** The revision after which the next update has to read: the newest one, or the one before a message that this program cannot read. */
  rev: number
  /** The number of messages whose key the owner has not sealed for the user yet. */
  withoutKey: number
}

/** Reads a shared session, with its messages of a revision after `since`. Throws a Problem if it is not shared with the user. */
export async function readCopy(word: string, since: number, context: Context): Promise<SharedCopy> {
  const rows = await withServer(context, async (server) => openRows(server, await readRows(server, word, since), context))
  const { messages, unreadable } = await sharedMessages(rows.messages)
  const session = await sharedSession(rows.session)
  if (!session) throw notShared(word)
  const { forged, withoutKey } = rows
  const rev = Math.min(rows.rev, ...unreadable.map((row) => row.rev - 1))
  if (unreadable.length > 0 && messages.length === 0)
    throw new Problem('not-shared', `${session.id} cannot be read: its owner uses a newer version of ainative-code`, {
      hint: `ask ${oneLine(rows.session.owner)} to export the session to a file`,
    })
  if (unreadable.length > 0)
    context.note(
      `warning: ${plural(unreadable.length, 'message')} of ${session.id} ${unreadable.length === 1 ? 'is' : 'are'} invalid, or of a newer version of ainative-code`,
    )
  if (forged > 0)
    context.note(
      `warning: omitted ${plural(forged, 'message')} of ${session.id} that ${oneLine(rows.session.owner)} did not write in this form`,
    )
  return { session: { ...session, message_count: messages.length }, messages, rev, withoutKey }
}

/** Describes the messages whose key the owner has not sealed for the user yet. */
export const withoutKeyText = ({ session, withoutKey }: SharedCopy) =>
  `${plural(withoutKey, 'message')} of ${session.id} cannot be read before the next session sync of ${oneLine(String(session.origin?.owner))}`

/** Reads a shared session for `session show`. */
export async function readShared(word: string, context: Context): Promise<Reading> {
  const copy = await readCopy(word, 0, context)
  const { session, messages } = copy
  if (copy.withoutKey > 0) context.note(`warning: ${withoutKeyText(copy)}`)
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
