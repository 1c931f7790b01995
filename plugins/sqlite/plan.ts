import type { Expr, Plan, SortKey } from 'ainative-code'
import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import { foldTitle, type SessionRow, storeText } from './schema.ts'

const column = (name: string) => raw(`"${name.replaceAll('"', '""')}"`)

const all = (parts: Sql[]) => (parts.length > 0 ? join(parts, ' and ', '(', ')') : sql`true`)
const any = (parts: Sql[]) => (parts.length > 0 ? join(parts, ' or ', '(', ')') : sql`false`)

/** Converts an Expr to SQL on the table `sessions`. The caller has replaced `holds` with ids: see resolveWords. */
export function toSql(expr: Expr): Sql {
  if ('holds' in expr) throw new Error(`the words ${JSON.stringify(expr.holds)} were not resolved to session ids`)
  if ('and' in expr) return all(expr.and.map(toSql))
  if ('or' in expr) return any(expr.or.map(toSql))
  if ('not' in expr) {
    const condition = toSql(expr.not)
    // A comparison with null is neither true nor false. A status is never null, and without coalesce its index is usable.
    return 'field' in expr.not && expr.not.field === 'status' ? sql`not ${condition}` : sql`not coalesce(${condition}, 0)`
  }
  if ('trashed' in expr) return expr.trashed ? sql`deleted_at is not null` : sql`deleted_at is null`
  if ('pinned' in expr) return expr.pinned ? sql`pinned = 1` : sql`pinned is null`
  if ('ids' in expr) return sql`sessions.id in (select value from json_each(${JSON.stringify(expr.ids)}))`
  if ('tag' in expr) return sql`pk in (select session from session_tags where tag = ${storeText(expr.tag)})`
  if ('titleHolds' in expr) return sql`instr(title_key, ${foldTitle(expr.titleHolds)}) > 0`
  if ('title' in expr) return sql`(title_key = ${foldTitle(expr.title)} and title = ${storeText(expr.title)})`
  if ('time' in expr) {
    const time = sql`sessions.${column(expr.time)}`
    const parts = [sql`${time} is not null`]
    if (expr.from !== undefined) parts.push(sql`${time} >= ${expr.from}`)
    if (expr.before !== undefined) parts.push(sql`${time} < ${expr.before}`)
    return all(parts)
  }
  const field = column(expr.field)
  if (expr.is === null) return sql`${field} is null`
  return sql`${field} = ${expr.field === 'id' || expr.field === 'status' ? expr.is : storeText(expr.is)}`
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

/** Builds the query for one page of a plan, after the cursor. */
export const pageQuery = (plan: Plan, size: number, after?: Cursor): Sql => rowsQuery(sql`sessions.*`, plan, size, after)

/** Builds the query for the cursors of a page, which reads only an index. */
export const keyQuery = (plan: Plan, size: number, after?: Cursor): Sql =>
  rowsQuery(sql`sessions.pk, sessions.${column(ORDER[plan.sort ?? 'date'].column)} as value`, plan, size, after)

function rowsQuery(columns: Sql, plan: Plan, size: number, after: Cursor | undefined): Sql {
  const { column: by, descending: natural } = ORDER[plan.sort ?? 'date']
  const descending = natural !== Boolean(plan.reverse)
  const { tag, rest } = plan.sort === undefined || plan.sort === 'date' ? takeTag(plan.where) : { tag: undefined, rest: plan.where }
  // For one tag, the key of the table `session_tags` already has the order.
  const [value, key] = tag === undefined ? [sql`sessions.${column(by)}`, sql`sessions.pk`] : [sql`tagged.created_at`, sql`tagged.session`]
  const conditions = [sql`staged is null`]
  if (tag !== undefined) conditions.push(sql`tagged.tag = ${storeText(tag)}`)
  if (rest) conditions.push(toSql(rest))
  if (by === 'activated_at' || by === 'deleted_at') conditions.push(sql`${column(by)} is not null`)
  if (after) conditions.push(sql`(${value}, ${key}) ${descending ? raw('<') : raw('>')} (${after.value}, ${after.pk})`)
  const tagged = tag === undefined ? empty : sql` inner join session_tags as tagged on tagged.session = sessions.pk`
  const direction = raw(descending ? 'desc' : 'asc')
  return sql`select ${columns} from sessions${tagged} where ${join(conditions, ' and ')}
    order by ${value} ${direction}, ${key} ${direction} limit ${size}`
}

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
