import type { Message, Session, Store } from 'ainative-code'

/** The messages next to one. */
export interface Around {
  before: Message[]
  after: Message[]
}

/** Up to `count` messages before and after each of some messages of a session, by seq. */
export async function messagesAround(
  store: Store,
  session: Pick<Session, 'id'>,
  seqs: number[],
  count: number,
): Promise<Map<number, Around>> {
  const wanted = new Set(seqs)
  const found = new Map<number, Around>()
  const recent: Message[] = []
  for await (const page of store.messages(session)) {
    for (const message of page) {
      for (const { after } of found.values()) if (after.length < count) after.push(message)
      if (wanted.has(message.seq)) found.set(message.seq, { before: [...recent], after: [] })
      recent.push(message)
      if (recent.length > count) recent.shift()
    }
    if (found.size === wanted.size && [...found.values()].every(({ after }) => after.length === count)) break
  }
  return found
}
