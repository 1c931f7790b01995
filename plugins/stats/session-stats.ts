import { type Context, isoTime, type Totals, type TotalsRow, zoneOf } from 'ainative-code'
import { answerQuestions } from './answer-questions.ts'
import { costFields } from './cost-text.ts'
import { openCosts } from './costs.ts'
import { countIn, groupRows, idOf, NUMBERS, numberIn } from './numbers.ts'
import type { StatsResult } from './stats-result.ts'
import { countText, coverage, duration, localDateTime, responseTime } from './text.ts'

/** The numbers of one session; unknown numbers are null. Times are ISO 8601 UTC. */
interface SessionStats {
  id: string
  total_messages: number
  user_messages: number
  assistant_messages: number
  total_tokens: number | null
  counted_messages: number
  uncounted_replies: number
  average_response_ms: number | null
  duration_ms: number | null
  first_message: string | null
  last_message: string | null
}

/** Computes the statistics of each session; the data is one object for one id, else an array. */
export async function sessionStats(context: Context, ids: string[]): Promise<StatsResult> {
  const { host, format, signal } = context
  const store = await host.store()
  const answers = await answerQuestions(store, ids.flatMap(questionsOf), signal)
  const allStats = ids.map((id, i) => statsOf(id, answers[2 * i]?.[0], answers[2 * i + 1] ?? []))
  const zone = zoneOf(host.config.defaults.time_zone)
  // The table shows no cost.
  const data = format === 'table' ? allStats : await withCosts(allStats, context)
  return { data: data.length === 1 && data[0] ? data[0] : data, print: () => allStats.map((each) => block(each, zone)).join('\n') }
}

async function withCosts(allStats: SessionStats[], context: Context): Promise<SessionStats[]> {
  const { host, format, signal } = context
  const costs = await openCosts(context, { ids: allStats.map(({ id }) => id) })
  const [rows = []] = await answerQuestions(await host.store(), [costs.question(['session'])], signal)
  const parts = groupRows(rows, ['session'])
  return allStats.map((each) => ({ ...each, ...costFields(costs.of(parts.get(idOf({ session: each.id }, ['session'])) ?? []), format) }))
}

function questionsOf(id: string): Totals[] {
  const where = { ids: [id] }
  const { messages, total_tokens, counted_messages, uncounted_replies, average_response_ms } = NUMBERS
  const aggregates = { messages, total_tokens, counted_messages, uncounted_replies, average_response_ms }
  return [
    { from: 'messages', where, aggregates: { ...aggregates, first: { min: 'time' }, last: { max: 'time' } } },
    { from: 'messages', where, group: ['role'], aggregates: { messages } },
  ]
}

function statsOf(id: string, row: TotalsRow | undefined, roles: TotalsRow[]): SessionStats {
  const of = (role: string) =>
    countIn(
      roles.find((each) => each.role === role),
      'messages',
    )
  const [first, last] = [numberIn(row, 'first'), numberIn(row, 'last')]
  return {
    id,
    total_messages: countIn(row, 'messages'),
    user_messages: of('user'),
    assistant_messages: of('assistant'),
    total_tokens: numberIn(row, 'total_tokens'),
    counted_messages: countIn(row, 'counted_messages'),
    uncounted_replies: countIn(row, 'uncounted_replies'),
    average_response_ms: numberIn(row, 'average_response_ms'),
    duration_ms: first === null || last === null ? null : last - first,
    first_message: first === null ? null : isoTime(first),
    last_message: last === null ? null : isoTime(last),
  }
}

function block(stats: SessionStats, zone: ReturnType<typeof zoneOf>): string {
  const heading = `Session Statistics for ${stats.id}`
  const time = (iso: string | null) => localDateTime(iso === null ? null : Date.parse(iso), zone)
  const counted = coverage({ ...stats, messages: stats.total_messages })
  const lines = [
    heading,
    '─'.repeat(heading.length),
    `Total Messages: ${countText(stats.total_messages)}`,
    `User Messages: ${countText(stats.user_messages)}`,
    `Assistant Messages: ${countText(stats.assistant_messages)}`,
    `Total Tokens: ${countText(stats.total_tokens)}${counted ? ` (of ${counted})` : ''}`,
    `Average Response Time: ${responseTime(stats.average_response_ms)}`,
    `Duration: ${duration(stats.duration_ms)}`,
    `First Message: ${time(stats.first_message)}`,
    `Last Message: ${time(stats.last_message)}`,
  ]
  return `${lines.join('\n')}\n`
}
