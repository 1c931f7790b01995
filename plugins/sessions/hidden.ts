import type { Context, Message, Session, Store } from 'ainative-code'
import { plural } from './targets.ts'

/** Notes that hidden messages were left out, if any were. */
export function noteHidden(count: number, verb: 'shows' | 'exports', { note }: Pick<Context, 'note'>): void {
  if (count > 0) note(`${plural(count, 'hidden message')} left out; --hidden ${verb} ${count === 1 ? 'it' : 'them'}`)
}

/** Which messages an export writes. */
export interface Exported {
  store: Store
  /** Whether hidden messages are written. */
  hidden: boolean
  /** The hidden messages left out so far. */
  left: number
}

/** The messages of a session to export; counts those that are left out. */
export async function* exportedMessages(session: Session, run: Exported): AsyncIterable<Message[]> {
  let count = 0
  for await (const page of run.store.messages(session, { visible: !run.hidden })) {
    count += page.length
    yield page
  }
  if (!run.hidden) run.left += Math.max(0, session.message_count - count)
}
