import type { Usage } from 'ainative-code'
import type { CostSummary } from '../prices/cost-summary.ts'
import type { ModelName, Priced } from '../prices/prices.ts'

/** The data of a report. Days and hours are in `time_zone`; unknown values are absent. */
export interface ReportData extends CostSummary {
  /** The selection, such as `All sessions` or the flags. */
  scope: string
  /** ISO 8601 UTC. */
  created_at: string
  /** An IANA name. */
  time_zone: string
  totals: ReportTotals
  /** The day of the price catalogue, as YYYY-MM-DD. */
  prices_date: string
  /** Most used first. */
  models: (ModelName & { messages: number; input?: number; output?: number; cost?: Priced })[]
  /** Days with messages, in order, as YYYY-MM-DD. */
  days: ReportDay[]
  /** The numbers of messages in the 24 hours of the day. */
  hours: number[]
  /** The longest sessions. */
  sessions: { id: string; title: string; messages: number; cost?: Priced }[]
}

/** A day with messages. */
export interface ReportDay {
  /** YYYY-MM-DD. */
  day: string
  messages: number
  /** In US dollars. */
  cost?: number
}

/** The totals of a report. */
export interface ReportTotals {
  sessions: number
  messages: number
  usage?: Usage
  /** The number of messages with token counts. */
  counted?: number
  /** Response times in milliseconds. */
  response?: { average: number; p50: number; p95: number }
  /** The length of the longest streak of days with messages. */
  streak?: number
}
