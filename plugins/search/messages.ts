import { type Expr, type Host, type Json, messageRow, type Watcher } from 'ainative-code'
import { accessTo } from '../sqlite/index.ts'
import type { FoundMessage, Question } from './finder.ts'
import { search, type Wanted } from './search.ts'
import { bringUpToDate } from './update.ts'

/** Sessions whose messages a query gets; of each, the best few. */
const SESSIONS = 100

/** The best messages for what somebody is typing, whose last word may not be complete. */
export async function findTyped(host: Host, { words, limit, ids }: Question): Promise<FoundMessage[]> {
  const typed = /[\s*"]$/.test(words) ? words : `${words}*`
  const where: Expr = ids ? { and: [IN_USE, { ids }] } : IN_USE
  return bestMessages(host, typed, { where, limit, quick: true })
}

const IN_USE: Expr = { trashed: false }

async function bestMessages(host: Host, words: string, wanted: Pick<Wanted, 'where' | 'limit' | 'quick'>): Promise<FoundMessage[]> {
  if (words.trim() === '') return []
  const { hits } = await search(host, words, { ...wanted, exact: true, signal: new AbortController().signal, progress: () => undefined })
  const found = hits.flatMap(({ id, matches }) => matches.map((match) => ({ session: id, ...match })))
  return found.filter((match): match is FoundMessage => match.message !== null).slice(0, wanted.limit)
}

/** Brings the index up to date for a query, which only reads. */
export async function prepareSearch(host: Host, watcher: Watcher): Promise<void> {
  const access = await accessTo(host)
  if (access) await bringUpToDate(access, watcher)
}

interface Answer {
  revision: number
  rows: Map<string, Json[]>
}

const answers = new WeakMap<Host, Answer>()

/** The answers of this host since its store last changed: a predicate asks the same for every session. */
async function answersOf(host: Host): Promise<Answer['rows']> {
  const revision = await (await host.store()).revision()
  const known = answers.get(host)
  if (known?.revision === revision && known.rows.size < MOST_KNOWN) return known.rows
  const rows = new Map<string, Json[]>()
  answers.set(host, { revision, rows })
  return rows
}

const MOST_KNOWN = 100

/** What `$search` gives: the row of each message with its session's id, its rank (1 is the best) and a snippet. */
export async function searchMessages(host: Host, words: string): Promise<Json[]> {
  const known = await answersOf(host)
  const rows = known.get(words) ?? (await messageRows(host, words))
  known.set(words, rows)
  return [...rows]
}

async function messageRows(host: Host, words: string): Promise<Json[]> {
  const store = await host.store()
  const found = await bestMessages(host, words, { where: IN_USE, limit: SESSIONS })
  const rows: Json[] = []
  for (const [i, { session, seq, snippet, offsets }] of found.entries()) {
    for await (const [message] of store.messages({ id: session }, { from: seq, limit: 1 }))
      if (message) rows.push({ ...messageRow(message), session_id: session, rank: i + 1, snippet, offsets })
  }
  return rows
}
