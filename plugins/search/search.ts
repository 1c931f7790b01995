import { type Expr, type Host, type Role, rowTime, usage, type Watcher, withDates } from 'ainative-code'
import { type Access, accessTo } from '../sqlite/index.ts'
import type { Scope, Within } from './candidates.ts'
import { findClose } from './close.ts'
import { checkIndex, isDamage } from './damage.ts'
import { readFilters } from './filters.ts'
import { type Found, find, type Hit, type Match } from './find.ts'
import { parseQuery, type Query, termOf } from './query.ts'
import { MATCHES } from './rank.ts'
import { scan } from './scan.ts'
import { snippetOf } from './snippet.ts'
import { bringUpToDate, rebuild } from './update.ts'

export interface Wanted {
  /** Which sessions, beside what the query says of them. */
  where: Expr
  roles?: Role[]
  within?: Within
  sort?: 'rank' | 'date'
  limit: number
  /** While somebody types: fewer messages are looked at, and fewer matches given for a session. */
  quick?: boolean
  /** Nothing else is looked for where nothing holds all the words. */
  exact?: boolean
  signal: AbortSignal
  progress(text: string): void
}

export interface Result extends Pick<Found, 'hits' | 'sessions'> {
  /** What was searched for instead, where nothing holds all the words. */
  instead?: string
  /** What a person should know of the result. */
  notes: string[]
}

/** While somebody types, at most so many messages are looked at. */
const QUICK_MESSAGES = 1000
/** Of each session: its title and the best message. */
const QUICK_MATCHES = 2

/** Finds the sessions that hold what a person typed. The index is brought up to date before. */
export async function search(host: Host, text: string, wanted: Wanted): Promise<Result> {
  const query = parseQuery(text)
  const { where, roles } = await withDates(() => readFilters(query.filters))
  const scope: Scope = {
    where: { and: [wanted.where, ...where] },
    roles: [...(wanted.roles ?? []), ...roles],
    within: wanted.within ?? 'all',
    signal: wanted.signal,
    ...(wanted.quick && { most: QUICK_MESSAGES }),
  }
  if (query.all.length === 0) return query.filters.length > 0 ? listed(host, query, scope.where, wanted) : withoutWords(text)
  const access = await accessTo(host)
  const state = access && (await bringUpToDate(access, wanted))
  if (!access || state?.version === '') return scanned(await scan(host, query, scope, { sort: wanted.sort ?? 'rank', limit: wanted.limit }))
  const result = await repairing(access, wanted, () => look(access, query, scope, wanted))
  if (state) result.notes.push('the newest messages were not searched: the index cannot be written now')
  return result
}

const scanned = (found: Found): Result => ({
  ...found,
  notes: [...limits(found), ...(found.hits.length === 0 ? ['nothing found'] : [])],
})

function withoutWords(text: string): Result {
  if (text.trim() === '') throw usage('session search needs words to look for')
  return { hits: [], sessions: 0, notes: [`${JSON.stringify(text.slice(0, 80))} holds no letter or digit to search for`] }
}

/** The sessions that filters alone select, newest first. */
async function listed(host: Host, { filters }: Query, where: Expr, { limit }: Wanted): Promise<Result> {
  if (filters.every(({ name }) => name === 'role'))
    throw usage('role: limits the messages in which words are searched; add words', 'ainative-code session search "rate limit role:user"')
  const titles = filters.filter(({ name, minus }) => name === 'title' && !minus)
  const terms = titles.flatMap(({ value }) => termOf(value, value) ?? [])
  const store = await host.store()
  const hits: Hit[] = []
  for await (const { id, title, created_at } of store.list({ where, limit })) {
    const match: Match = { message: null, seq: null, role: 'title', timestamp: rowTime(created_at), ...snippetOf(title, terms) }
    hits.push({ id, hits: titles.length > 0 ? 1 : 0, score: 0, matches: titles.length > 0 ? [match] : [] })
  }
  const sessions = await store.count(where)
  return { hits, sessions, notes: sessions === 0 ? ['no session matches the filters'] : [] }
}

/** Makes the index anew where it turns out to be damaged. */
export async function repairing<T>(access: Access, wanted: Watcher, work: () => T | Promise<T>): Promise<T> {
  try {
    checkIndex(access.connection)
    return await work()
  } catch (error) {
    if (!isDamage(error)) throw error
    await rebuild(access)
    await bringUpToDate(access, wanted)
    return work()
  }
}

async function look(access: Access, query: Query, scope: Scope, { sort = 'rank', limit, quick, exact = false }: Wanted): Promise<Result> {
  const order = { sort, limit, matches: quick ? QUICK_MATCHES : MATCHES }
  const notes = query.omitted > 0 ? [`searched for the first words alone; ${query.omitted} more were left out`] : []
  const found = await find(access, query, scope, order)
  if (found.hits.length > 0) return { ...found, notes: [...notes, ...limits(found)] }
  if (!selectsAny(access, scope.where)) return { hits: [], sessions: 0, notes: [...notes, 'no session matches the filters'] }
  const close = exact ? undefined : await findClose(access, query, scope, order)
  if (!close) return { hits: [], sessions: 0, notes: [...notes, 'nothing found'] }
  return { ...close.found, instead: close.instead, notes: [...notes, ...limits(close.found)] }
}

const limits = ({ more }: Found) => (more ? ['there are older messages too; they were not ranked'] : [])

function selectsAny({ connection, sessions }: Access, where: Expr): boolean {
  const { sql, parameters } = sessions(where)
  return connection.prepare(`${sql} limit 1`).get(...parameters) !== undefined
}
