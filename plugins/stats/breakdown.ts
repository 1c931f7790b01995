import type { Context, Expr, Totals, TotalsRow } from 'ainative-code'
import { answerQuestions } from './answer-questions.ts'
import { costFields, costLines } from './cost-text.ts'
import { type Costs, openCosts } from './costs.ts'
import { printGroups } from './groups.ts'
import { isOfSessions, isTime, type Key } from './keys.ts'
import { countIn, groupRows, idOf, NUMBERS } from './numbers.ts'
import type { StatsResult } from './stats-result.ts'

/** Computes statistics per group: sessions are grouped by their own keys, and messages by theirs. `top` limits the number of groups. */
export async function breakdown(context: Context, where: Expr, keys: Key[], top: number | undefined): Promise<StatsResult> {
  const { note, format } = context
  const costs = await openCosts(context, where)
  const [all, costRows] = await rowsOf(context, where, keys, costs)
  const rows = all.sort(isInOrderOfTime(keys, top) ? byKeys(keys) : byMessages(keys)).slice(0, top)
  if (all.length === 0) note('no session matches')
  if (rows.length < all.length) note(`${rows.length} of ${all.length} groups shown`)
  if (keys.includes('tag') && rows.length > 0)
    note('a session counts once for each of its tags, so the sum of the groups can exceed the total')
  if (has(rows, 'uncounted_replies') && has(rows, 'counted_messages'))
    note('some replies have no token counts and are not part of the totals')
  const parts = groupRows(costRows, keys)
  const groups = rows.map((row) => ({ row, cost: costs.of(parts.get(idOf(row, keys)) ?? []) }))
  const total = costs.of(rows.flatMap((row) => parts.get(idOf(row, keys)) ?? []))
  return {
    data: groups.map(({ row, cost }) => ({ ...row, ...costFields(cost, format) })),
    async *print(view) {
      yield* printGroups(groups, keys, view)
      if (groups.length > 0) yield `\n${await costLines(total, view)}`
    },
  }
}

const has = (rows: TotalsRow[], name: string) => rows.some((row) => countIn(row, name) > 0)

/** Reads the groups, and the rows from which their costs are computed. */
async function rowsOf({ host, signal }: Context, where: Expr, keys: Key[], costs: Costs): Promise<[TotalsRow[], TotalsRow[]]> {
  const timeZone = host.config.defaults.time_zone
  const group = { where, group: keys, timeZone }
  const messages: Totals = { from: 'messages', ...group, aggregates: { sessions: { count: 'sessions' }, ...NUMBERS } }
  const store = await host.store()
  const cost = costs.question(keys)
  if (!keys.every(isOfSessions)) {
    const [rows = [], costRows = []] = await answerQuestions(store, [messages, cost], signal)
    return [rows, costRows]
  }
  const sessions: Totals = { from: 'sessions', ...group, aggregates: { sessions: { count: 'rows' } } }
  const [counted = [], used = [], costRows = []] = await answerQuestions(
    store,
    [sessions, { ...messages, aggregates: NUMBERS }, cost],
    signal,
  )
  return [join(counted, used, keys), costRows]
}

/** The numbers of a group without messages. */
const NO_MESSAGES = Object.fromEntries(Object.entries(NUMBERS).map(([name, aggregate]) => [name, 'count' in aggregate ? 0 : null]))

function join(counted: TotalsRow[], used: TotalsRow[], keys: Key[]): TotalsRow[] {
  const rows = new Map(counted.map((row) => [idOf(row, keys), { ...row, ...NO_MESSAGES }]))
  for (const row of used) {
    const values = Object.fromEntries(keys.map((key) => [key, row[key] ?? null]))
    const id = idOf(row, keys)
    rows.set(id, { ...values, sessions: rows.get(id)?.sessions ?? 0, ...row })
  }
  return [...rows.values()]
}

const isInOrderOfTime = (keys: Key[], top: number | undefined) => top === undefined && keys.some(isTime)

type Order = (a: TotalsRow, b: TotalsRow) => number

const byKeys =
  (keys: Key[]): Order =>
  (a, b) =>
    keys.map((key) => compare(a[key] ?? null, b[key] ?? null)).find(Boolean) ?? 0

const byMessages =
  (keys: Key[]): Order =>
  (a, b) =>
    countIn(b, 'messages') - countIn(a, 'messages') || countIn(b, 'sessions') - countIn(a, 'sessions') || byKeys(keys)(a, b)

/** Compares two values for sorting; unknown values are last. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  return a < b ? -1 : 1
}
