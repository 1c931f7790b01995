import { plural } from 'ainative-code'
import { costText, modelText, sumsOf } from '../money.ts'
import type { ReportData } from './report-data.ts'

/** Formats a count with separators, such as 12,345; a dash if it is unknown. */
export const countText = (count: number | undefined) => (count === undefined ? '–' : Math.round(count).toLocaleString('en-US'))

/** Formats milliseconds as seconds, such as 3.2s. */
export const durationText = (ms: number) => `${(ms / 1000).toFixed(1)}s`

/** The names and values of the tiles at the top of a report. */
export function tileValues(data: ReportData): [name: string, value: string][] {
  const { sessions, messages, usage = {}, counted, response, streak } = data.totals
  const tokens: [string, number | undefined][] = [
    ['Input tokens', usage.input],
    ['Cached tokens', usage.cached],
    ['Tokens written to a cache', sum(usage.cache_write, usage.cache_write_1h)],
    ['Output tokens', usage.output],
    ['Reasoning tokens', usage.reasoning],
    ['Messages with token counts', counted === messages ? undefined : counted],
  ]
  const others: [string, string | undefined][] = [
    ['Cost', sumsOf(data.costs).join(', ') || undefined],
    ['Average response time', response && durationText(response.average)],
    ['Median response time', response && durationText(response.p50)],
    ['95th percentile response time', response && durationText(response.p95)],
    ['Longest streak', streak === undefined ? undefined : plural(streak, 'day')],
  ]
  return [
    ['Sessions', countText(sessions)],
    ['Messages', countText(messages)],
    ...tokens.map(([name, count]): [string, string | undefined] => [name, count === undefined ? undefined : countText(count)]),
    ...others,
  ].filter((tile): tile is [string, string] => tile[1] !== undefined)
}

const sum = (...counts: (number | undefined)[]) =>
  counts.some((count) => count !== undefined) ? counts.reduce<number>((total, count = 0) => total + count, 0) : undefined

/** The rows of the cost table: the parts of the cost, and the messages whose cost is unknown. */
export function costRows({ costs, local, unpriced, uncounted }: ReportData): string[][] {
  const names = { reported: 'Reported by providers', computed: 'Computed from token counts' }
  const rows = costs.map((cost) => [
    cost.estimate ? 'Estimated: the price of a similar model was used, or a part of the price is unknown' : names[cost.source],
    countText(cost.messages),
    costText(cost),
  ])
  return [
    ...rows,
    ...(local ? [['Local models', countText(local), 'local']] : []),
    ...(uncounted ? [['Replies without token counts', countText(uncounted), '–']] : []),
    ...unpriced.map((each) => [`Unknown price: ${modelText(each)}`, countText(each.messages), '–']),
  ]
}
