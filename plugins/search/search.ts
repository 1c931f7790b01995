import { type Expr, type Host, type Role, rowTime, usage, withDates } from 'ainative-code'
import { type Access, accessTo, resolveWords } from '../sqlite/index.ts'
import type { Scope, SearchPart } from './candidates.ts'
import { findCloseMatches } from './close-matches.ts'
import { readFilters } from './filters.ts'
import { type FoundSessions, find, type Hit, type Match } from './find.ts'
import { parseQuery, type Query, termOf } from './query.ts'
import { MAX_MATCHES } from './rank.ts'
import { withRepair } from './repair.ts'
import { scanSessions } from './scan.ts'
import { withoutWords } from './sessions-with-words.ts'
import { snippetOf } from './snippet.ts'
import { updateIndex } from './update-index.ts'

/** The options of a search. */
export interface SearchOptions {
  /** The condition on sessions, in addition to the filters in the query. */
  where: Expr
  roles?: Role[]
  within?: SearchPart
  sort?: 'rank' | 'date'
  limit: number
  /** For a search while the user is typing: checks fewer messages and returns fewer matches per session. */
  quick?: boolean
  /** Returns nothing, rather than close matches, if no message contains all words. */
  exact?: boolean
  signal: AbortSignal
  progress(text: string): void
}

/** The result of a search. */
export interface Result extends Pick<FoundSessions, 'hits' | 'sessions'> {
  /** The change of the query that found close matches; undefined for exact matches. */
  difference?: string
  /** Messages to the user about the result. */
  notes: string[]
}

/** The maximum number of messages to check in a quick search. */
const QUICK_MESSAGES = 1000
/** The maximum number of matches per session in a quick search: the title and the best message. */
const QUICK_MATCHES = 2

/** Finds the sessions that match a query. Updates the index first. */
export async function search(host: Host, text: string, options: SearchOptions): Promise<Result> {
  const query = parseQuery(text)
  const { where, roles } = await withDates(() => readFilters(query.filters))
  const access = await accessTo(host)
  const selected: Expr = { and: [options.where, ...where] }
  const scope: Scope = {
    where: access ? await resolveWords(host, selected) : selected,
    roles: [...(options.roles ?? []), ...roles],
    within: options.within ?? 'all',
    signal: options.signal,
    ...(options.quick && { maxMessages: QUICK_MESSAGES }),
  }
  if (query.all.length === 0) return query.filters.length > 0 ? listByFilters(host, query, scope, options) : emptyResult(text)
  const state = access && (await updateIndex(access, options))
  if (!access || state?.version === '')
    return scanResult(await scanSessions(host, query, scope, { sort: options.sort ?? 'rank', limit: options.limit }))
  const result = await withRepair(access, options, () => searchIndex(access, query, scope, options))
  if (state) result.notes.push('the newest messages were not searched, because the index cannot be updated now')
  return result
}

const scanResult = (found: FoundSessions): Result => ({
  ...found,
  notes: [...limitNotes(found), ...(found.hits.length === 0 ? ['nothing found'] : [])],
})

function emptyResult(text: string): Result {
  if (text.trim() === '') throw usage('session search needs words to search for', 'ainative-code session search "rate limit"')
  return { hits: [], sessions: 0, notes: [`${JSON.stringify(text.slice(0, 80))} contains no letter or digit to search for`] }
}

/** Lists the sessions of a query that has only filters and excluded words, newest first. */
async function listByFilters(host: Host, query: Query, scope: Scope, options: SearchOptions): Promise<Result> {
  const { filters } = query
  if (filters.every(({ name }) => name === 'role'))
    throw usage('role: only filters the messages to search; add words to search for', 'ainative-code session search "rate limit role:user"')
  const titles = filters.filter(({ name, minus }) => name === 'title' && !minus)
  const terms = titles.flatMap(({ value }) => termOf(value, value) ?? [])
  const where = await withoutWords(host, query, scope, options)
  const store = await host.store()
  const hits: Hit[] = []
  for await (const { id, title, created_at } of store.list({ where, limit: options.limit })) {
    const match: Match = { message: null, seq: null, role: 'title', timestamp: rowTime(created_at), ...snippetOf(title, terms) }
    hits.push({ id, hits: titles.length > 0 ? 1 : 0, score: 0, matches: titles.length > 0 ? [match] : [] })
  }
  const sessions = await store.count(where)
  return { hits, sessions, notes: sessions === 0 ? ['no session matches the filters'] : [] }
}

async function searchIndex(
  access: Access,
  query: Query,
  scope: Scope,
  { sort = 'rank', limit, quick, exact = false }: SearchOptions,
): Promise<Result> {
  const order = { sort, limit, matches: quick ? QUICK_MATCHES : MAX_MATCHES }
  const notes = query.omitted > 0 ? [`the query is too long; ignored its last ${query.omitted} words`] : []
  const found = await find(access, query, scope, order)
  if (found.hits.length > 0) return { ...found, notes: [...notes, ...limitNotes(found)] }
  if (!selectsAny(access, scope.where)) return { hits: [], sessions: 0, notes: [...notes, 'no session matches the filters'] }
  const close = exact ? undefined : await findCloseMatches(access, query, scope, order)
  if (!close) return { hits: [], sessions: 0, notes: [...notes, 'nothing found'] }
  return { ...close.found, difference: close.difference, notes: [...notes, ...limitNotes(close.found)] }
}

const limitNotes = ({ more }: FoundSessions) => (more ? ['older messages match too, but were not ranked'] : [])

function selectsAny({ connection, sessions }: Access, where: Expr): boolean {
  const { sql, parameters } = sessions(where)
  return connection.prepare(`${sql} limit 1`).get(...parameters) !== undefined
}
