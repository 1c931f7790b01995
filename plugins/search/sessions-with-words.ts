import { type Expr, type Host, usage, type Watcher, withDates } from 'ainative-code'
import { type Access, accessTo } from '../sqlite/index.ts'
import { findCandidates, idsOf, type Scope } from './candidates.ts'
import { readFilters } from './filters.ts'
import { parseQuery, type Query } from './query.ts'
import { withRepair } from './repair.ts'
import { scanSessions } from './scan.ts'
import { updateIndex } from './update-index.ts'

/** Finds the ids of all sessions, also those in the trash, whose title or messages contain the words. */
export async function sessionsWithWords(host: Host, words: string): Promise<string[]> {
  const query = parseQuery(words)
  const { where, roles } = await withDates(() => readFilters(query.filters))
  if (query.all.length === 0 && where.length === 0) throw usage(`--text needs words to search for, not ${JSON.stringify(words)}`)
  const access = await accessTo(host)
  if (!access) throw new Error('the store is not open')
  const signal = new AbortController().signal
  const watcher = { signal, progress: () => undefined }
  const trash: Expr = { or: [{ trashed: true }, { trashed: false }] }
  const scope: Scope = { where: { and: [trash, ...where] }, roles, within: 'all', signal }
  if (query.all.length > 0) return idsWithWords(host, query, scope, watcher)
  return selectIds(access, await withoutWords(host, query, scope, watcher))
}

/** Adds the condition that a session contains no excluded word of the query, in a title or in a message of the scope. */
export async function withoutWords(host: Host, { none }: Query, scope: Scope, watcher: Watcher): Promise<Expr> {
  if (none.length === 0) return scope.where
  const ids = await idsWithWords(host, { all: [none], none: [], filters: [], omitted: 0 }, scope, watcher)
  return { and: [scope.where, { not: { ids } }] }
}

/** Finds the ids of the sessions whose title or messages match a query, without a limit. */
async function idsWithWords(host: Host, query: Query, scope: Scope, watcher: Watcher): Promise<string[]> {
  const access = await accessTo(host)
  const state = access && (await updateIndex(access, watcher))
  if (!access || state?.version === '') return (await scanSessions(host, query, scope, ALL)).hits.map(({ id }) => id)
  const unlimited = { ...scope, maxMessages: Number.MAX_SAFE_INTEGER - 1 }
  const { messages, titles } = await withRepair(access, watcher, () => findCandidates(access, query, unlimited))
  return idsOf(access, [...new Set([...messages, ...titles].map(({ session }) => session))])
}

const ALL = { sort: 'date', limit: Number.POSITIVE_INFINITY, maxCharacters: Number.POSITIVE_INFINITY } as const

/** Selects the ids of the sessions that match a condition. */
function selectIds(access: Access, where: Expr): string[] {
  const { sql, parameters } = access.sessions(where)
  return idsOf(
    access,
    access.connection
      .prepare(sql)
      .pluck()
      .all(...parameters) as number[],
  )
}
