import type { Aggregate, Figure, Totals } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'

/** The milliseconds from a person's message to the reply that comes next; null where the reply is not later. */
const WAITED = sql`(
  select case when p.role = 'user' and p.created_at < m.created_at then m.created_at - p.created_at end
  from messages as p where p.session = m.session and p.seq < m.seq order by p.seq desc limit 1
)`

/** A part of a message's cost; null where it has none, or one that another program damaged. */
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
  response: sql`case when m.role = 'assistant' then coalesce(m.latency_ms, ${WAITED}) end`,
  cost: costSql('amount'),
}

/** A figure of a session `s` or a message `m`. */
export function figureSql(from: Totals['from'], figure: Figure): RawBuilder<unknown> {
  const found = (from === 'sessions' ? OF_SESSIONS : OF_MESSAGES)[figure]
  if (!found) throw new TypeError(`${from} have no ${figure}`)
  return found
}

/** The figures that a question needs, each once. */
export const figuresIn = ({ aggregates }: Totals): Figure[] => [...new Set(Object.values(aggregates).flatMap(figureOf))]

function figureOf(aggregate: Aggregate): Figure[] {
  if ('count' in aggregate) return aggregate.count === 'rows' || aggregate.count === 'sessions' ? [] : [aggregate.count]
  if ('percentile' in aggregate) return [aggregate.percentile]
  return Object.values(aggregate)
}

/** An aggregate over rows that have the figures as columns. */
export function aggregateSql(aggregate: Aggregate): RawBuilder<unknown> {
  if ('count' in aggregate) {
    if (aggregate.count === 'rows') return sql`count(*)`
    return aggregate.count === 'sessions' ? sql`count(distinct r.session)` : sql`count(${column(aggregate.count)})`
  }
  // As floating point, since a sum of integers fails above 2^63.
  if ('sum' in aggregate) return sql`sum(${column(aggregate.sum)} * 1.0)`
  if ('avg' in aggregate) return sql`avg(${column(aggregate.avg)})`
  if ('min' in aggregate) return sql`min(${column(aggregate.min)})`
  if ('max' in aggregate) return sql`max(${column(aggregate.max)})`
  if ('span' in aggregate) return sql`max(${column(aggregate.span)}) - min(${column(aggregate.span)})`
  return sql`percentile_cont(${column(aggregate.percentile)}, ${aggregate.at})`
}

const column = (figure: Figure) => sql.ref(`r.${figure}`)
