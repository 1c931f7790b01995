import type { Expr } from './plan.ts'
import type { Usage } from './usage.ts'

/** Units of time, in the time zone of the question. */
export type TimeKey = 'day' | 'week' | 'month' | 'hour' | 'weekday'

/**
 * The key that rows are grouped by. A day is `2024-01-15`, a week the day of its Monday, a month `2024-01`, an hour 0 to 23, a weekday 1 (Monday)
 * to 7, a session its id; an unknown value is null. Messages are grouped by their own provider, model and time; the first two fall back
 * to their session's. A session with several tags is in the group of each. `currency` and `cost_source` are those of a message's cost.
 * Sessions have neither these nor `role` nor `finish`.
 */
export type GroupKey = TimeKey | 'provider' | 'model' | 'project' | 'tag' | 'session' | 'role' | 'finish' | 'currency' | 'cost_source'

/** Groups rows by the size of a figure: by the largest of the ascending `bounds` that the figure reaches, or 0 below all of them. */
export interface Band {
  /** The key's name in a row. */
  name: string
  figure: Figure
  bounds: readonly number[]
}

/**
 * A number of one row, or null. Sessions have `time` (their creation, milliseconds UTC) and `messages` (how many). Messages have `time`
 * and all others: the counts of Usage; `tokens` is input plus output, `uncounted` is 1 for a reply that has neither, `response` the
 * milliseconds from a person's message to its reply, as the reply's latency or else as the time between the two, and `cost` the amount
 * of a message's cost in its currency.
 */
export type Figure = keyof Usage | 'time' | 'messages' | 'tokens' | 'uncounted' | 'response' | 'cost'

/**
 * A number of a group. All but `count` are null where no row has the figure. `span` is the greatest minus the least; `percentile`
 * interpolates between the two nearest values, with `at` from 0 to 1.
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
  /** Of the sessions; messages are those of the sessions that match. */
  where?: Expr
  /** Only rows that have one of these figures. */
  has?: readonly Figure[]
  group?: readonly (GroupKey | Band)[]
  /** The numbers of each row, by name; without any, the rows are the different keys. */
  aggregates: Record<string, Aggregate>
  /** An IANA time zone; without it the system's. Its changes of offset are known for 1970 to 2100. */
  timeZone?: string
  /** Rows come by this aggregate, and then by their keys; without it in any order. */
  order?: { by: string; descending: boolean }
  limit?: number
}

/** A group: its keys and its aggregates, by name. */
export type TotalsRow = Record<string, string | number | null>
