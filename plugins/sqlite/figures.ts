import type { Aggregate, Figure, Totals } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'

/** The milliseconds from the user's message to the reply that follows it; null if the reply is not later. */
const RESPONSE_TIME = sql`(
  select case when p.role = 'user' and p.created_at < m.created_at then m.created_at - p.created_at end
  from messages as p where p.session = m.session and p.seq < m.seq order by p.seq desc limit 1
)`

/** The SQL of a part of a message's cost; null if the message has no cost or an invalid one. */
export const costSql = (part: 'amount' | 'currency' | 'source') => sql`case when m.cost is not null and json_valid(m.cost)
  and json_type(m.cost, '$.amount') in ('integer', 'real') and m.cost ->> '$.amount' between 0 and 1e308
  and m.cost ->> '$.currency' glob '[A-Z][A-Z][A-Z]' and m.cost ->> '$.source' in ('reported', 'computed')
  then m.cost ->> ${sql.lit(`$.${part}`)} end`

const OF_SESSIONS: Partial<Record<Figure, RawBuilder<unknown>>> = {
  time: sql`s.created_at`,
  messages: sql`s.message_count`,
}

const OF_MESSAGES: Partial<Record<Figure, RawBuilder<unknown>>> = {
  time: sql`m.created_at`,
  input: sql`m.input_tokens`,
  output: sql`m.output_tokens`,
  cached: sql`m.cached_tokens`,
  cache_write: sql`m.cache_write_tokens`,
  cache_write_1h: sql`m.cache_write_1h_tokens`,
  reasoning: sql`m.reasoning_tokens`,
  web_searches: sql`m.web_searches`,
  tokens: sql`case when m.input_tokens is not null or m.output_tokens is not null
    then coalesce(m.input_tokens, 0) + coalesce(m.output_tokens, 0) end`,
  uncounted: sql`case when m.role = 'assistant' and m.input_tokens is null and m.output_tokens is null then 1 end`,
  response: sql`case when m.role = 'assistant' then coalesce(m.latency_ms, ${RESPONSE_TIME}) end`,
  cost: costSql('amount'),
}

/** The SQL of a figure of a session `s` or a message `m`. Throws a TypeError if the rows do not have this figure. */
export function figureSql(from: Totals['from'], figure: Figure): RawBuilder<unknown> {
  const figureExpression = (from === 'sessions' ? OF_SESSIONS : OF_MESSAGES)[figure]
  if (!figureExpression) throw new TypeError(`${from} have no ${figure}`)
  return figureExpression
}

/** The figures that a question needs, without duplicates. */
export const figuresIn = ({ aggregates }: Totals): Figure[] => [...new Set(Object.values(aggregates).flatMap(figureOf))]

function figureOf(aggregate: Aggregate): Figure[] {
  if ('count' in aggregate) return aggregate.count === 'rows' || aggregate.count === 'sessions' ? [] : [aggregate.count]
  if ('percentile' in aggregate) return [aggregate.percentile]
  return Object.values(aggregate)
}

/** The SQL of an aggregate over rows `r`, whose columns are the figures. */
export function aggregateSql(aggregate: Aggregate): RawBuilder<unknown> {
  if ('count' in aggregate) {
    if (aggregate.count === 'rows') return sql`count(*)`
    return aggregate.count === 'sessions' ? sql`count(distinct r.session)` : sql`count(${column(aggregate.count)})`
  }
  // Floating point, because a sum of integers above 2^63 is an error.
  if ('sum' in aggregate) return sql`sum(${column(aggregate.sum)} * 1.0)`
  if ('avg' in aggregate) return sql`avg(${column(aggregate.avg)})`
  if ('min' in aggregate) return sql`min(${column(aggregate.min)})`
  if ('max' in aggregate) return sql`max(${column(aggregate.max)})`
  if ('span' in aggregate) return sql`max(${column(aggregate.span)}) - min(${column(aggregate.span)})`
  return sql`percentile_cont(${column(aggregate.percentile)}, ${aggregate.at})`
}

const column = (figure: Figure) => sql.ref(`r.${figure}`)
