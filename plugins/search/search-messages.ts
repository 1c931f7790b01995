import { type Expr, type Host, type Json, messageRow, type Watcher } from 'ainative-code'
import { accessTo } from '../sqlite/index.ts'
import type { FoundMessage, Question } from './incremental-search.ts'
import { type SearchOptions, search } from './search.ts'
import { updateIndex } from './update-index.ts'

/** The maximum number of messages that `$search` returns. */
const SESSIONS = 100

/** Finds the best messages while the user is typing: the last word may be incomplete. */
export async function findTyped(host: Host, { words, limit, ids }: Question): Promise<FoundMessage[]> {
  const typed = /[\s*"]$/.test(words) ? words : `${words}*`
  const where: Expr = ids ? { and: [IN_USE, { ids }] } : IN_USE
  return bestMessages(host, typed, { where, limit, quick: true })
}

const IN_USE: Expr = { trashed: false }

async function bestMessages(host: Host, words: string, options: Pick<SearchOptions, 'where' | 'limit' | 'quick'>): Promise<FoundMessage[]> {
  if (words.trim() === '') return []
  const { hits } = await search(host, words, { ...options, exact: true, signal: new AbortController().signal, progress: () => undefined })
  const messages = hits.flatMap(({ id, matches }) => matches.map((match) => ({ session: id, ...match })))
  return messages.filter((match): match is FoundMessage => match.message !== null).slice(0, options.limit)
}

/** Updates the index before a query, because the query itself runs in a process that cannot write. */
export async function prepareSearch(host: Host, watcher: Watcher): Promise<void> {
  const access = await accessTo(host)
  if (access) await updateIndex(access, watcher)
}

interface Answer {
  revision: number
  rows: Map<string, Json[]>
}

const answers = new WeakMap<Host, Answer>()

/** The cached answers of this host, valid until the store changes: a predicate asks the same question for every session. */
async function answersOf(host: Host): Promise<Answer['rows']> {
  const revision = await (await host.store()).revision()
  const cached = answers.get(host)
  if (cached?.revision === revision && cached.rows.size < MAX_CACHED) return cached.rows
  const rows = new Map<string, Json[]>()
  answers.set(host, { revision, rows })
  return rows
}

const MAX_CACHED = 100

/** Implements `$search`: returns the row of each message with the id of its session, its rank (1 is the best) and a snippet. */
export async function searchMessages(host: Host, words: string): Promise<Json[]> {
  const cached = await answersOf(host)
  const rows = cached.get(words) ?? (await messageRows(host, words))
  cached.set(words, rows)
  return [...rows]
}

async function messageRows(host: Host, words: string): Promise<Json[]> {
  const store = await host.store()
  const messages = await bestMessages(host, words, { where: IN_USE, limit: SESSIONS })
  const rows: Json[] = []
  for (const [i, { session, seq, snippet, offsets }] of messages.entries()) {
    for await (const [message] of store.messages({ id: session }, { from: seq, limit: 1 }))
      if (message) rows.push({ ...messageRow(message), session_id: session, rank: i + 1, snippet, offsets })
  }
  return rows
}
