import type { Expr, Plan, SortKey } from 'ainative-code'
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { foldTitle, type Schema, type SessionRow, storeText } from './schema.ts'

type Builder = ExpressionBuilder<Schema, 'sessions'>

/** Converts an Expr to SQL on the table `sessions`. The caller has replaced `holds` with ids: see resolveWords. */
export function toSql(eb: Builder, expr: Expr): Expression<SqlBool> {
  if ('holds' in expr) throw new Error(`the words ${JSON.stringify(expr.holds)} were not resolved to session ids`)
  if ('and' in expr) return eb.and(expr.and.map((each) => toSql(eb, each)))
  if ('or' in expr) return eb.or(expr.or.map((each) => toSql(eb, each)))
  if ('not' in expr) {
    const condition = toSql(eb, expr.not)
    // A comparison with null is neither true nor false. A status is never null, and without coalesce its index is usable.
    return eb.not('field' in expr.not && expr.not.field === 'status' ? condition : eb.fn.coalesce(condition, sql<SqlBool>`0`))
  }
  if ('trashed' in expr) return eb('deleted_at', expr.trashed ? 'is not' : 'is', null)
  if ('pinned' in expr) return expr.pinned ? eb('pinned', '=', sql.lit(1)) : eb('pinned', 'is', null)
  if ('ids' in expr) return eb('sessions.id', 'in', sql<string>`(select value from json_each(${JSON.stringify(expr.ids)}))`)
  if ('tag' in expr) return eb('pk', 'in', eb.selectFrom('session_tags').select('session').where('tag', '=', storeText(expr.tag)))
  if ('titleHolds' in expr) return eb(sql<number>`instr(title_key, ${foldTitle(expr.titleHolds)})`, '>', 0)
  if ('title' in expr) return eb.and([eb('title_key', '=', foldTitle(expr.title)), eb('title', '=', storeText(expr.title))])
  if ('time' in expr) {
    const parts: Expression<SqlBool>[] = [eb(`sessions.${expr.time}`, 'is not', null)]
    if (expr.from !== undefined) parts.push(eb(`sessions.${expr.time}`, '>=', expr.from))
    if (expr.before !== undefined) parts.push(eb(`sessions.${expr.time}`, '<', expr.before))
    return eb.and(parts)
  }
  return expr.is === null
    ? eb(expr.field, 'is', null)
    : eb(expr.field, '=', expr.field === 'id' || expr.field === 'status' ? expr.is : storeText(expr.is))
}

const ORDER = {
  date: { column: 'created_at', descending: true },
  title: { column: 'title_key', descending: false },
  messages: { column: 'message_count', descending: true },
  activated: { column: 'activated_at', descending: true },
  updated: { column: 'updated_at', descending: true },
  deleted: { column: 'deleted_at', descending: true },
} as const satisfies Record<SortKey, object>

/** The end of a page: the sort value and the key of its last row. */
export interface Cursor {
  value: string | number | null
  pk: number
}

/** Selects all visible sessions, or those with one tag. */
function candidates(db: Kysely<Schema>, tag: string | undefined) {
  const all = db.selectFrom('sessions').selectAll('sessions').where('staged', 'is', null)
  if (tag === undefined) return all
  const tagged = db.selectFrom('sessions').innerJoin('session_tags as tagged', 'tagged.session', 'sessions.pk').selectAll('sessions')
  return tagged.where('staged', 'is', null).where('tagged.tag', '=', storeText(tag)) as typeof all
}

/** Builds the query for one page of a plan, after the cursor. */
export function pageQuery(db: Kysely<Schema>, plan: Plan, size: number, after?: Cursor) {
  const { column, descending: natural } = ORDER[plan.sort ?? 'date']
  const descending = natural !== Boolean(plan.reverse)
  const { tag, rest } = plan.sort === undefined || plan.sort === 'date' ? takeTag(plan.where) : { tag: undefined, rest: plan.where }
  // For one tag, the key of the table `session_tags` already has the order.
  const [value, key] =
    tag === undefined ? ([`sessions.${column}`, 'sessions.pk'] as const) : (['tagged.created_at', 'tagged.session'] as const)
  let query = candidates(db, tag)
  if (rest) query = query.where((eb) => toSql(eb, rest))
  if (column === 'activated_at' || column === 'deleted_at') query = query.where(column, 'is not', null)
  if (after)
    query = query.where(sql<SqlBool>`(${sql.ref(value)}, ${sql.ref(key)}) ${sql.raw(descending ? '<' : '>')} (${after.value}, ${after.pk})`)
  const direction = descending ? 'desc' : 'asc'
  return query.orderBy(sql.ref(value), direction).orderBy(sql.ref(key), direction).limit(size)
}

/** Builds the query for the cursors of a page, which reads only an index. */
export const keyQuery = (db: Kysely<Schema>, plan: Plan, size: number, after?: Cursor) =>
  pageQuery(db, plan, size, after)
    .clearSelect()
    .select(['sessions.pk', sql.ref<Cursor['value']>(`sessions.${ORDER[plan.sort ?? 'date'].column}`).as('value')])

/** The cursor of a row. */
export const cursorOf = (plan: Plan, row: { pk: number } & Pick<SessionRow, (typeof ORDER)[SortKey]['column']>): Cursor => ({
  value: row[ORDER[plan.sort ?? 'date'].column],
  pk: row.pk,
})

const flat = (expr: Expr): Expr[] => ('and' in expr ? expr.and.flatMap(flat) : [expr])

/**
 * Splits a condition into its first required tag and the rest. Returns no tag if the condition has a narrower part, by which the query
 * is faster.
 */
function takeTag(where: Expr | undefined): { tag?: string; rest?: Expr } {
  const parts = where ? flat(where) : []
  const first = parts.find((each) => 'tag' in each)
  if (!first || !('tag' in first) || parts.some((each) => 'field' in each || ('pinned' in each && each.pinned))) return { rest: where }
  return { tag: first.tag, rest: { and: parts.filter((each) => each !== first) } }
}
