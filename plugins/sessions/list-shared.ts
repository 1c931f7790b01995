import { type Context, localTime, Problem, type SortKey, table, usage, type View } from 'ainative-code'
import { type SharedRow, sessionsHooks } from './hooks.ts'

/** The columns of CSV. */
const COLUMNS = ['id', 'title', 'owner', 'team', 'status', 'provider', 'model', 'message_count', 'shared_at', 'updated_at', 'expires_at']

/** The flags of `session list` that also apply to shared sessions. */
const FLAGS = ['shared', 'team', 'all', 'limit', 'sort', 'reverse', 'search']

interface SharedInput {
  team?: string
  search?: string
  reverse: boolean
}

/** The rows of `session list --shared`. */
export async function listShared(input: SharedInput, sort: SortKey, limit: number | undefined, context: Context) {
  const excluded = Object.entries(input).find(([key, value]) => value !== undefined && value !== false && !FLAGS.includes(key))
  if (excluded) throw usage(`--shared and --${excluded[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} cannot be combined`)
  const found = await sessionsHooks(context.host).shared.promise(input.team, context)
  if (!found) throw new Problem('no-store', 'no plugin lists shared sessions', { hint: 'ainative-code plugin list' })
  const text = input.search?.toLowerCase()
  const rows = found.filter(({ title }) => text === undefined || title.toLowerCase().includes(text)).sort(ORDERS[sort] ?? newest)
  if (input.reverse) rows.reverse()
  return { rows: shown(rows, limit, context), columns: COLUMNS, shared: true as const }
}

const newest = (a: SharedRow, b: SharedRow) => compare(b.shared_at, a.shared_at)
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const ORDERS: Partial<Record<SortKey, (a: SharedRow, b: SharedRow) => number>> = {
  title: (a, b) => a.title.localeCompare(b.title),
  messages: (a, b) => b.message_count - a.message_count,
  updated: (a, b) => compare(b.updated_at, a.updated_at),
}

async function* shown(rows: SharedRow[], limit: number | undefined, { note }: Context): AsyncIterable<SharedRow> {
  yield* rows.slice(0, limit)
  if (rows.length === 0) note('no session is shared with your teams')
  else if (limit !== undefined && rows.length > limit) note(`${limit} of ${rows.length}; --all shows all`)
}

/** Prints shared sessions as a table. */
export const sharedTable = (rows: AsyncIterable<SharedRow>, view: View) =>
  table(
    rows,
    [
      { title: 'ID', value: ({ id }) => id, style: () => 'dim' },
      { title: 'OWNER', value: ({ owner }) => owner, flexible: true },
      { title: 'TEAM', value: ({ team }) => team, flexible: true, drop: 1 },
      { title: 'TITLE', value: ({ title }) => title, flexible: true },
      { title: 'SHARED', value: ({ shared_at }) => localTime(shared_at), drop: 2 },
      { title: 'MESSAGES', value: ({ message_count }) => message_count, drop: 3 },
    ],
    view,
  )
