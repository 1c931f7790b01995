import type { ModelName, Priced } from '../prices/prices.ts'
import type { ReportData } from './report.ts'

/** A count with separators, such as 12,345; a dash where it is unknown. */
export const countText = (count: number | undefined) => (count === undefined ? '–' : Math.round(count).toLocaleString('en-US'))

/** Milliseconds as seconds, such as 3.2s. */
export const durationText = (ms: number) => `${(ms / 1000).toFixed(1)}s`

/** An amount of money, such as $12.30 or $0.0042. */
export function moneyText(amount: number, currency = 'USD'): string {
  const write = (value: number, digits: number) =>
    value.toLocaleString('en-US', { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: digits })
  if (amount > 0 && amount < 0.0001) return `< ${write(0.0001, 4)}`
  return write(amount, amount < 1 ? 4 : 2)
}

/** A cost as a cell: an estimate has a mark, a model of one's own says so, and one that is unknown is a dash. */
export function costText(cost: Priced): string {
  if (cost === undefined) return '–'
  if (cost === 'local') return 'local'
  const money = moneyText(cost.amount, cost.currency)
  return cost.estimate && !money.startsWith('<') ? `~${money}` : money
}

/** A model with its provider, as chats name it. */
export const modelText = ({ provider, model }: ModelName) => [provider, model].filter(Boolean).join('/') || 'no model'

/** The sum in each currency; one that holds an estimate has a mark. */
export function sumsOf({ costs }: Pick<ReportData, 'costs'>): string[] {
  const currencies = [...new Set(costs.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const parts = costs.filter((each) => each.currency === currency)
    const amount = parts.reduce((sum, each) => sum + each.amount, 0)
    return costText({ amount, currency, source: 'computed', ...(parts.some(({ estimate }) => estimate) && { estimate: true }) })
  })
}

/** The figures at the top, as names and values. */
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
    ['Cost', sumsOf(data).join(', ') || undefined],
    ['Average response time', response && durationText(response.average)],
    ['Half of the responses within', response && durationText(response.p50)],
    ['95 % of the responses within', response && durationText(response.p95)],
    ['Longest streak', streak === undefined ? undefined : `${countText(streak)} ${streak === 1 ? 'day' : 'days'}`],
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

/** Of what the cost is made, and what it leaves out. */
export function costRows({ costs, local, unpriced }: ReportData): string[][] {
  const names = { reported: 'Reported by providers', computed: 'Computed from token counts' }
  const rows = costs.map((cost) => [
    cost.estimate ? 'Estimated: the price of a similar model, or of a part, is unknown' : names[cost.source],
    countText(cost.messages),
    costText(cost),
  ])
  return [
    ...rows,
    ...(local ? [['Local models', countText(local), 'local']] : []),
    ...unpriced.map((each) => [`Unknown price: ${modelText(each)}`, countText(each.messages), '–']),
  ]
}
