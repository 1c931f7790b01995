import { createPace, type Expr, type Host, type Message, type Store } from 'ainative-code'
import type { FindMessages, Hit } from './find.ts'
import { fold, wordsOf } from './fold.ts'

/** How many of the newest sessions are read, and for how long. */
const SESSIONS = 1000
const MAX_MS = 3000
const PACE_MS = 8
/** Longer messages are searched up to here. */
const LONGEST = 200_000
/** Characters of a snippet before and after the first word. */
const AROUND = 60

/** Reads the messages of the newest sessions one by one, without an index. */
export const scanMessages =
  (host: Host): FindMessages =>
  async (text, { limit, ids, signal }) => {
    const words = wordsOf(text)
    const store = await host.store()
    const where: Expr = { and: [{ trashed: false }, ...(ids ? [{ ids }] : [])] }
    const pause = createPace(PACE_MS)
    const until = Date.now() + MAX_MS
    const hits: Hit[] = []
    for await (const session of store.list({ where, limit: SESSIONS })) {
      for await (const message of messagesOf(store, session.id)) {
        await pause()
        signal.throwIfAborted()
        const hit = hitIn(message, words)
        if (hit) hits.push({ session: session.id, ...hit })
        if (hits.length >= limit || Date.now() > until) return hits
      }
    }
    return hits
  }

async function* messagesOf(store: Store, id: string): AsyncIterable<Message> {
  for await (const page of store.messages({ id }, { visible: true })) yield* page
}

function hitIn({ id, seq, role, content }: Message, words: string[]): Omit<Hit, 'session'> | undefined {
  const folded = fold(content.slice(0, LONGEST))
  if (!words.every((word) => folded.includes(word))) return undefined
  const [first = ''] = words
  // Folding may move it a little.
  const at = Math.max(0, folded.indexOf(first))
  const from = Math.max(0, at - AROUND)
  const snippet = content.slice(from, at + first.length + AROUND)
  return { message: id, seq, role, snippet, offsets: [[at - from, Math.min(snippet.length, at - from + first.length)]] }
}
