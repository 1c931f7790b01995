import { type Expr, type Host, usage } from 'ainative-code'
import { accessTo } from '../sqlite/index.ts'
import { findCandidates, idsOf } from './candidates.ts'
import { readFilters } from './filters.ts'
import { parseQuery } from './query.ts'
import { repairing } from './search.ts'
import { bringUpToDate } from './update.ts'

/** The ids of all sessions, in the trash or not, whose title or messages hold the words. */
export async function sessionsHolding(host: Host, words: string): Promise<string[]> {
  const query = parseQuery(words)
  const { where, roles } = readFilters(query.filters)
  if (query.all.length === 0 && where.length === 0) throw usage(`--text needs words to look for, not ${JSON.stringify(words)}`)
  const access = await accessTo(host)
  if (!access) throw new Error('the store that asks is not open')
  const signal = new AbortController().signal
  const watcher = { signal, progress: () => undefined }
  await bringUpToDate(access, watcher)
  const trash: Expr = { or: [{ trashed: true }, { trashed: false }] }
  const { messages, titles } = await repairing(access, watcher, () =>
    findCandidates(access, query, { where: { and: [trash, ...where] }, roles, within: 'all', signal, most: Number.MAX_SAFE_INTEGER - 1 }),
  )
  return idsOf(access, [...new Set([...messages, ...titles].map(({ session }) => session))])
}
