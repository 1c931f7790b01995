import { type Expr, type Host, usage, withDates } from 'ainative-code'
import { type Access, accessTo } from '../sqlite/index.ts'
import { findCandidates, idsOf, type Scope } from './candidates.ts'
import { readFilters } from './filters.ts'
import { parseQuery } from './query.ts'
import { scanSessions } from './scan.ts'
import { withRepair } from './search.ts'
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
  const scope: Scope = { where: { and: [trash, ...where] }, roles, within: 'all', signal, maxMessages: Number.MAX_SAFE_INTEGER - 1 }
  if (query.all.length === 0) return selectIds(access, scope.where)
  const state = await updateIndex(access, watcher)
  if (state?.version === '') return (await scanSessions(host, query, scope, ALL)).hits.map(({ id }) => id)
  const { messages, titles } = await withRepair(access, watcher, () => findCandidates(access, query, scope))
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
