import { type Aggregate, type BucketKey, dayText, type Expr, type GroupKey, type Totals, type TotalsRow } from 'ainative-code'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { aggregateSql, costSql, figureSql, figuresIn } from './figures.ts'
import { toSql } from './plan.ts'
import { readText, type Schema } from './schema.ts'
import { timeSql } from './time-keys.ts'
import { yieldToEvents } from './yield.ts'

/** Creates the store's `aggregate` method, which answers all questions in one read transaction. */
export const totalsReader = (db: Kysely<Schema>) => (questions: Totals[], signal?: AbortSignal) =>
  db.transaction().execute(async (trx) => {
    const answers: TotalsRow[][] = []
    for (const question of questions) {
      answers.push(await answer(trx, question))
      await yieldToEvents()
      signal?.throwIfAborted()
    }
    return answers
  })

async function answer(db: Kysely<Schema>, question: Totals): Promise<TotalsRow[]> {
  const { group = [], aggregates } = question
  const names = Object.keys(aggregates)
  const { rows } = await querySql(db, question).execute(db)
  return rows.map((row) =>
    Object.fromEntries([
      ...group.map((key, i) => [nameOf(key), keyValue(key, row[`k${i}`])]),
      ...names.map((name, i) => [name, row[`a${i}`] as number | null]),
    ]),
  )
}

/** Builds the SQL of a question. Its columns are the keys `k0`, `k1`, … and the aggregates `a0`, `a1`, … */
export function querySql(db: Kysely<Schema>, question: Totals): RawBuilder<Record<string, unknown>> {
  const { group = [], aggregates, order, limit } = question
  const names = Object.keys(aggregates)
  const keys = group.map((_, i) => sql.ref(`r.k${i}`))
  // Sessions are grouped by their numeric key, which sorts faster than their id.
  const keyColumns = group.map(
    (key, i) => sql`${key === 'session' ? sql`(select id from sessions where pk = ${keys[i]})` : keys[i]} as ${sql.ref(`k${i}`)}`,
  )
  const numbers = names.map((name, i) => sql`${aggregateSql(aggregates[name] as Aggregate)} as ${sql.ref(`a${i}`)}`)
  // Without aggregates, `distinct` is enough and avoids the sort of `group by`.
  const distinct = sql.raw(names.length === 0 ? 'distinct' : '')
  const parts = [sql`select ${distinct} ${sql.join([...keyColumns, ...numbers])} from (${rowsSql(db, question)}) as r`]
  if (group.length > 0 && names.length > 0) parts.push(sql`group by ${sql.join(keys)}`)
  if (order) {
    const by = sql`${sql.ref(`a${names.indexOf(order.by)}`)} ${sql.raw(order.descending ? 'desc' : 'asc')}`
    parts.push(sql`order by ${sql.join([by, ...group.map((_, i) => sql.ref(`k${i}`))])}`)
  }
  if (limit !== undefined) parts.push(sql`limit ${limit}`)
  return sql`${sql.join(parts, sql` `)}`
}

const nameOf = (key: GroupKey | BucketKey) => (typeof key === 'string' ? key : key.name)

function keyValue(key: GroupKey | BucketKey, value: unknown): string | number | null {
  if (value === null) return null
  if (key === 'day' || key === 'week') return dayText(value as number)
  return Buffer.isBuffer(value) ? readText(value) : (value as string | number)
}

function conditionOf(where: Expr): RawBuilder<SqlBool> {
  const { strings, values } = toSql(where)
  return sql(Object.assign(strings, { raw: strings }), ...values)
}

/** Builds the query for the rows to group: one row per session or message, and one per tag if `tag` is a key. */
function rowsSql(db: Kysely<Schema>, question: Totals): RawBuilder<unknown> {
  const { from, where, has, group = [] } = question
  const chosen = db.selectFrom('sessions').select(['pk', 'id', 'provider', 'model', 'project', 'created_at', 'message_count'])
  const visible = chosen.where('staged', 'is', null)
  const sessions = where ? visible.where(conditionOf(where)) : visible
  const keys = group.map((key, i) => sql`${keySql(key, question)} as ${sql.ref(`k${i}`)}`)
  const named = figuresIn(question)
  const figures = named.map((figure) => sql`${figureSql(from, figure)} as ${sql.ref(figure)}`)
  const tags = group.includes('tag') ? sql`left join session_tags as t on t.session = s.pk` : sql``
  // `cross join` makes SQLite read the messages of each session in index order.
  const messages = from === 'messages' ? sql`cross join messages as m on m.session = s.pk` : sql``
  const only = has
    ? sql`where ${sql.join(
        has.map((figure) => sql`${figureSql(from, figure)} is not null`),
        sql` or `,
      )}`
    : sql``
  // The figure `response` is a subquery. `limit -1` makes SQLite compute it once per row and not once per aggregate.
  const once = named.includes('response') ? sql`limit -1` : sql``
  return sql`select ${sql.join([sql`s.pk as session`, ...keys, ...figures])} from (${sessions}) as s ${tags} ${messages} ${only} ${once}`
}

const OF_MESSAGES = {
  role: sql`m.role`,
  finish: sql`m.finish_reason`,
  currency: costSql('currency'),
  cost_source: costSql('source'),
}

function keySql(key: GroupKey | BucketKey, { from, timeZone }: Totals): RawBuilder<unknown> {
  if (typeof key !== 'string') return bucketSql(figureSql(from, key.figure), key.bounds)
  const ofMessage = from === 'messages'
  if (key === 'provider' || key === 'model')
    return ofMessage ? sql`coalesce(${sql.ref(`m.${key}`)}, ${sql.ref(`s.${key}`)})` : sql.ref(`s.${key}`)
  if (key === 'project') return sql`s.project`
  if (key === 'tag') return sql`t.tag`
  if (key === 'session') return sql`s.pk`
  if (key === 'role' || key === 'finish' || key === 'currency' || key === 'cost_source') {
    if (!ofMessage) throw new TypeError(`sessions have no ${key}`)
    return OF_MESSAGES[key]
  }
  return timeSql(key, sql.ref(ofMessage ? 'm.created_at' : 's.created_at'), timeZone)
}

function bucketSql(figure: RawBuilder<unknown>, bounds: readonly number[]): RawBuilder<unknown> {
  const reached = bounds.toReversed().map((bound) => sql`when ${figure} >= ${bound} then ${bound}`)
  return reached.length === 0 ? sql.lit(0) : sql`case ${sql.join(reached, sql` `)} else 0 end`
}
