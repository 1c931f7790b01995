import { collect, type Message, type Session, type Store } from 'ainative-code'

/** The last messages of a session, at most `count`, in order. */
export const lastMessages = (store: Store, session: Session, count: number, visible: boolean): Promise<Message[]> =>
  collect(store.messages(session, { from: Number.MAX_SAFE_INTEGER, before: count, visible }))

const FIRST_LOOK = 20

/** The last reply of a session that has text, without hidden ones; undefined where there is none. */
export async function lastReply(store: Store, session: Session): Promise<Message | undefined> {
  for (let count = FIRST_LOOK; ; count *= 10) {
    const messages = await lastMessages(store, session, count, true)
    const reply = messages.findLast(({ role, content }) => role === 'assistant' && content.trim() !== '')
    if (reply || messages.length < count) return reply
  }
}
