import { type Context, type Expr, type GroupKey, isoTime, type Store, type Totals, type TotalsRow, zoneOf } from 'ainative-code'
import { answerQuestions } from './answer-questions.ts'
import { costFields } from './cost-text.ts'
import { type Costs, openCosts } from './costs.ts'
import { dayNumber, type MessagesPerDay, streaksOf } from './days.ts'
import { countIn, NUMBERS, numberIn } from './numbers.ts'
import type { Lists, LongSession, Overview } from './overview-data.ts'
import { printOverview } from './overview-text.ts'
import type { StatsResult } from './stats-result.ts'

const SHOWN = 5

/** Computes the statistics of all sessions that match a condition. */
export async function overview(context: Context, where: Expr): Promise<StatsResult> {
  const { host, format } = context
  const { numbers, lists, costs, costRows } = await measureSelection(context, where, [])
  const cost = costs.of(costRows)
  const fields = { ...numbers, ...costFields(cost, format) }
  const zone = zoneOf(host.config.defaults.time_zone)
  // CSV has no lists.
  return { data: format === 'csv' ? fields : { ...fields, ...lists }, print: (view) => printOverview({ numbers, lists, cost, zone }, view) }
}

interface Measurements {
  numbers: Overview
  lists: Lists
  costs: Costs
  /** The rows for `costs.of`, grouped by the keys of the caller. */
  costRows: TotalsRow[]
}

/** Reads everything that the statistics of a selection need. `costKeys` group the rows of the costs. */
export async function measureSelection(context: Context, where: Expr, costKeys: GroupKey[]): Promise<Measurements> {
  const { host, note, signal } = context
  const store = await host.store()
  const timeZone = host.config.defaults.time_zone
  const costs = await openCosts(context, where)
  const allQuestions = [...questions(where, timeZone), costs.question(costKeys)]
  const [sessions = [], totals = [], long = [], times = [], costRows = []] = await answerQuestions(store, allQuestions, signal)
  const hours = sumBy(times, 'hour').map(([hour, messages]) => ({ hour: Number(hour), messages }))
  const days = sumBy(times, 'day')
    .map(([day, messages]) => ({ day, messages }))
    .sort((a, b) => (a.day < b.day ? -1 : 1))
  const zone = zoneOf(timeZone)
  const numbers = numbersOf(countIn(sessions[0], 'sessions'), totals[0], {
    zone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    days: new Map(days.map(({ day, messages }) => [dayNumber(day), messages])),
    today: dayNumber(new Date(Date.now() + zone.offsetAt(Date.now())).toISOString().slice(0, 10)),
  })
  if (numbers.sessions === 0) note('no session matches')
  const busiest = hours.sort((a, b) => b.messages - a.messages || a.hour - b.hour)
  const lists = { longest_sessions: await longSessions(store, long), busiest_hours: busiest, days }
  return { numbers, lists, costs, costRows }
}

function questions(where: Expr, timeZone: string | undefined): Totals[] {
  const messages = { from: 'messages', where, timeZone } as const
  return [
    { from: 'sessions', where, aggregates: { sessions: { count: 'rows' } } },
    { ...messages, aggregates: { ...NUMBERS, first: { min: 'time' }, last: { max: 'time' } } },
    {
      ...messages,
      group: ['session'],
      aggregates: { duration_ms: { span: 'time' }, messages: { count: 'rows' } },
      order: { by: 'duration_ms', descending: true },
      limit: SHOWN,
    },
    { ...messages, group: ['day', 'hour'], aggregates: { messages: { count: 'rows' } } },
  ]
}

/** Sums the messages per value of a key. */
function sumBy(rows: TotalsRow[], key: 'day' | 'hour'): [string, number][] {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(String(row[key]), (sums.get(String(row[key])) ?? 0) + countIn(row, 'messages'))
  return [...sums]
}

function numbersOf(
  sessions: number,
  row: TotalsRow | undefined,
  { zone, days, today }: { zone: string; days: MessagesPerDay; today: number },
): Overview {
  const time = (name: string) => (numberIn(row, name) === null ? null : isoTime(countIn(row, name)))
  const { longest, current } = streaksOf(days, today)
  const messages = countIn(row, 'messages')
  return {
    sessions,
    messages,
    average_messages: sessions === 0 ? null : messages / sessions,
    total_tokens: numberIn(row, 'total_tokens'),
    input_tokens: numberIn(row, 'input_tokens'),
    cached_tokens: numberIn(row, 'cached_tokens'),
    cache_write_tokens: numberIn(row, 'cache_write_tokens'),
    cache_write_1h_tokens: numberIn(row, 'cache_write_1h_tokens'),
    output_tokens: numberIn(row, 'output_tokens'),
    reasoning_tokens: numberIn(row, 'reasoning_tokens'),
    web_searches: numberIn(row, 'web_searches'),
    counted_messages: countIn(row, 'counted_messages'),
    uncounted_replies: countIn(row, 'uncounted_replies'),
    average_response_ms: numberIn(row, 'average_response_ms'),
    p50_response_ms: numberIn(row, 'p50_response_ms'),
    p95_response_ms: numberIn(row, 'p95_response_ms'),
    first_message: time('first'),
    last_message: time('last'),
    time_zone: zone,
    active_days: days.size,
    longest_streak_days: longest,
    current_streak_days: current,
  }
}

async function longSessions(store: Store, rows: TotalsRow[]): Promise<LongSession[]> {
  const sessions = rows.map(async (row) => {
    const session = await store.get(String(row.session))
    return session && { id: session.id, title: session.title, duration_ms: countIn(row, 'duration_ms'), messages: countIn(row, 'messages') }
  })
  return (await Promise.all(sessions)).filter((each) => each !== undefined)
}
