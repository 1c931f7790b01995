import type { Context, Message, Session, Store } from 'ainative-code'
import { plural } from 'ainative-code'

/** Writes a note with the number of omitted hidden messages, if there are any. */
export function noteHidden(count: number, verb: 'shows' | 'exports', { note }: Pick<Context, 'note'>): void {
  if (count > 0) note(`${plural(count, 'hidden message')} omitted; --hidden ${verb} ${count === 1 ? 'it' : 'them'}`)
}

/** The state of an export: which messages to write, and how many were omitted. */
export interface ExportState {
  store: Store
  /** True to write hidden messages. */
  hidden: boolean
  /** The number of hidden messages omitted so far. */
  omitted: number
}

/** Yields the messages of a session to export, in pages, and counts the omitted messages. */
export async function* exportedMessages(session: Session, state: ExportState): AsyncIterable<Message[]> {
  let count = 0
  for await (const page of state.store.messages(session, { visible: !state.hidden })) {
    count += page.length
    yield page
  }
  if (!state.hidden) state.omitted += Math.max(0, session.message_count - count)
}
