import { collect, type Message, type Session, type Store } from 'ainative-code'

/** Reads the last `count` messages of a session, oldest first. `visible` excludes hidden messages. */
export const lastMessages = (store: Pick<Store, 'messages'>, session: Session, count: number, visible: boolean): Promise<Message[]> =>
  collect(store.messages(session, { from: Number.MAX_SAFE_INTEGER, before: count, visible }))

/** The number of messages to read first. */
const FIRST_COUNT = 20

/** Finds the last visible reply with text; returns undefined if there is none. */
export async function lastReply(store: Store, session: Session): Promise<Message | undefined> {
  for (let count = FIRST_COUNT; ; count *= 10) {
    const messages = await lastMessages(store, session, count, true)
    const reply = messages.findLast(({ role, content }) => role === 'assistant' && content.trim() !== '')
    if (reply || messages.length < count) return reply
  }
}
