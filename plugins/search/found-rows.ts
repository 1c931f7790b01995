import { collect, type Json, type Message, messageRow, type Session, type Store, sessionRow } from 'ainative-code'
import type { Hit, Match } from './find.ts'

/** A found session: the fields of a list row, and its matches. `close` is set if the query was changed, and states how. */
export type FoundRow = Json & { hits: number; score: number; close?: string; matches: FoundMatch[] }
/** A match, with the messages before and after it if the caller asked for them. */
export type FoundMatch = Match & { before?: Json[]; after?: Json[] }

/** Converts hits to rows, in the same order. `context` is the number of messages to add before and after each match. */
export async function foundRows(store: Store, hits: Hit[], difference: string | undefined, context: number): Promise<FoundRow[]> {
  const sessions = new Map<string, Session>()
  for await (const session of store.list({ where: { ids: hits.map(({ id }) => id) } })) sessions.set(session.id, session)
  const rows: FoundRow[] = []
  for (const { id, hits: count, score, matches } of hits) {
    const session = sessions.get(id)
    if (!session) continue
    const around = context > 0 ? await withContext(store, session, matches, context) : matches
    rows.push({ ...sessionRow(session), hits: count, score, ...(difference && { close: difference }), matches: around })
  }
  return rows
}

function withContext(store: Store, session: Session, matches: Match[], count: number): Promise<FoundMatch[]> {
  return Promise.all(
    matches.map(async (match) => {
      const { seq } = match
      if (seq === null) return match
      const near = await collect(store.messages(session, { from: seq, before: count, limit: 2 * count + 1, visible: true }))
      const before = near.filter((each) => each.seq < seq).slice(-count)
      const after = near.filter((each) => each.seq > seq).slice(0, count)
      return { ...match, before: before.map(toRow), after: after.map(toRow) }
    }),
  )
}

const toRow = (message: Message): Json => ({ seq: message.seq, ...messageRow(message) })
