import { type Expr, type Host, usage, withDates } from 'ainative-code'
import { type Access, accessTo } from '../sqlite/index.ts'
import { findCandidates, idsOf, type Scope } from './candidates.ts'
import { readFilters } from './filters.ts'
import { parseQuery } from './query.ts'
import { scan } from './scan.ts'
import { repairing } from './search.ts'
import { bringUpToDate } from './update.ts'

/** The ids of all sessions, in the trash or not, whose title or messages hold the words. */
export async function sessionsHolding(host: Host, words: string): Promise<string[]> {
  const query = parseQuery(words)
  const { where, roles } = await withDates(() => readFilters(query.filters))
  if (query.all.length === 0 && where.length === 0) throw usage(`--text needs words to look for, not ${JSON.stringify(words)}`)
  const access = await accessTo(host)
  if (!access) throw new Error('the store that asks is not open')
  const signal = new AbortController().signal
  const watcher = { signal, progress: () => undefined }
  const trash: Expr = { or: [{ trashed: true }, { trashed: false }] }
  const scope: Scope = { where: { and: [trash, ...where] }, roles, within: 'all', signal, most: Number.MAX_SAFE_INTEGER - 1 }
  if (query.all.length === 0) return idsIn(access, scope.where)
  const state = await bringUpToDate(access, watcher)
  if (state?.version === '') return (await scan(host, query, scope, ALL)).hits.map(({ id }) => id)
  const { messages, titles } = await repairing(access, watcher, () => findCandidates(access, query, scope))
  return idsOf(access, [...new Set([...messages, ...titles].map(({ session }) => session))])
}

const ALL = { sort: 'date', limit: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY } as const

/** The ids of the sessions that the filters alone select. */
function idsIn(access: Access, where: Expr): string[] {
  const { sql, parameters } = access.sessions(where)
  return idsOf(
    access,
    access.connection
      .prepare(sql)
      .pluck()
      .all(...parameters) as number[],
  )
}
