import type { Expr } from './plan.ts'
import type { Usage } from './usage.ts'

/** Units of time, in the time zone of the question. */
export type TimeKey = 'day' | 'week' | 'month' | 'hour' | 'weekday'

/**
 * The key that rows are grouped by. A day is `2024-01-15`, a week the day of its Monday, a month `2024-01`, an hour 0 to 23, a weekday 1 (Monday)
 * to 7, a session its id; an unknown value is null. A message has its own time, and its own provider and model or else those of its
 * session. A session with several tags is in the group of each tag. `currency` and `cost_source` come from a message's cost. Sessions
 * do not have the keys `role`, `finish`, `currency` and `cost_source`.
 */
export type GroupKey = TimeKey | 'provider' | 'model' | 'project' | 'tag' | 'session' | 'role' | 'finish' | 'currency' | 'cost_source'

/** Groups rows by the size of a figure: by the largest of the ascending `bounds` that the figure reaches, or 0 below all of them. */
export interface BucketKey {
  /** The key's name in a row. */
  name: string
  figure: Figure
  bounds: readonly number[]
}

/** @deprecated The old name of BucketKey, kept for one version. */
export type Band = BucketKey

/**
 * A number of one row, or null. A session has `time` (its creation, in milliseconds UTC) and `messages` (their number). A message has
 * `time`, the counts of Usage, `tokens` (input plus output), `uncounted` (1 for a reply without input and output counts), `response`
 * (milliseconds from a user's message to the reply: the reply's latency, or else the difference of both times) and `cost` (the amount
 * of the message's cost in its currency).
 */
export type Figure = keyof Usage | 'time' | 'messages' | 'tokens' | 'uncounted' | 'response' | 'cost'

/**
 * A number of a group. If no row has the figure, `count` is 0 and every other aggregate is null. `span` is the largest value minus the
 * smallest; `percentile` interpolates between the two nearest values, with `at` from 0 to 1.
 */
export type Aggregate =
  | { count: 'rows' | 'sessions' | Figure }
  | { sum: Figure }
  | { avg: Figure }
  | { min: Figure }
  | { max: Figure }
  | { span: Figure }
  | { percentile: Figure; at: number }

/** A question about many sessions or messages. Without `group` its answer is one row. */
export interface Totals {
  from: 'sessions' | 'messages'
  /** The condition on sessions; a question about messages includes the messages of the sessions that match. */
  where?: Expr
  /** Includes only rows that have at least one of these figures. */
  has?: readonly Figure[]
  group?: readonly (GroupKey | BucketKey)[]
  /** The numbers of each row, by name; if empty, each row is only a distinct combination of keys. */
  aggregates: Record<string, Aggregate>
  /** An IANA time zone, by default that of the system. Changes of its offset are known from 1970 to 2100. */
  timeZone?: string
  /** Sorts the rows by this aggregate, and then by their keys; without `order`, rows have no defined order. */
  order?: { by: string; descending: boolean }
  limit?: number
}

/** A group: its keys and its aggregates, by name. */
export type TotalsRow = Record<string, string | number | null>
