import type { Usage } from 'ainative-code'
import type { ModelName, Priced } from '../prices/prices.ts'
import type { CostSummary } from '../prices/summary.ts'

/** What a report shows. Days and hours are those of `time_zone`; a value that is unknown is absent. */
export interface ReportData extends CostSummary {
  /** What the figures are about, such as `All sessions` or the flags that select them. */
  scope: string
  /** ISO 8601 UTC. */
  created_at: string
  /** An IANA name. */
  time_zone: string
  totals: ReportTotals
  /** The day of the catalogue of prices, as YYYY-MM-DD. */
  prices_date: string
  /** Most used first. */
  models: (ModelName & { messages: number; input?: number; output?: number; cost?: Priced })[]
  /** Days with messages, in order, as YYYY-MM-DD. */
  days: ReportDay[]
  /** Messages of each hour of the day, 24 of them. */
  hours: number[]
  /** The longest sessions. */
  sessions: { id: string; title: string; messages: number; cost?: Priced }[]
}

export interface ReportDay {
  day: string
  messages: number
  /** In dollars. */
  cost?: number
}

export interface ReportTotals {
  sessions: number
  messages: number
  usage?: Usage
  /** How many messages have token counts. */
  counted?: number
  /** Response times in milliseconds. */
  response?: { average: number; p50: number; p95: number }
  /** The most days in a row with messages. */
  streak?: number
}
