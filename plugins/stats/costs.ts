import type { Context, Expr, GroupKey, Totals, TotalsRow } from 'ainative-code'
import { answers } from './answers.ts'
import { countIn, numberIn } from './numbers.ts'
import { CATALOGUE } from './prices/date.ts'
import { type Prices, pricesFor } from './prices/prices.ts'
import { type CostPart, type CostSummary, type CountedGroup, summarizeCosts } from './prices/summary.ts'

/** The cost of messages, as results name it. */
export interface CostResult extends CostSummary {
  /** The day of the catalogue of prices, as YYYY-MM-DD. */
  prices_date: string
}

export interface Costs {
  /** The question whose rows tell the costs of each group; `messages` of a row is how many with a cost or token counts, and replies, it stands for. */
  question(keys: readonly GroupKey[]): Totals
  /** The cost of all messages that these rows stand for. */
  of(rows: TotalsRow[]): CostResult
}

const AGGREGATES = {
  messages: { count: 'rows' },
  counted: { count: 'tokens' },
  uncounted: { count: 'uncounted' },
  amount: { sum: 'cost' },
  input: { sum: 'input' },
  output: { sum: 'output' },
  cached: { sum: 'cached' },
  cache_write: { sum: 'cache_write' },
  cache_write_1h: { sum: 'cache_write_1h' },
  web_searches: { sum: 'web_searches' },
} as const satisfies Totals['aggregates']

const USAGE = ['input', 'output', 'cached', 'cache_write', 'cache_write_1h', 'web_searches'] as const

/** What has a cost, or one that is unknown: not the messages of a person, which are half of all. */
const HAS = ['cost', 'tokens', 'uncounted'] as const

/** Opens the prices of the models that a selection has messages of. */
export async function openCosts({ host, signal }: Pick<Context, 'host' | 'signal'>, where: Expr): Promise<Costs> {
  const prices = await pricesFor(host)
  const models: Totals = { from: 'messages', where, group: ['provider', 'model'], aggregates: {} }
  const [rows = []] = await answers(await host.store(), [models], signal)
  const { over, since } = prices.breaks(rows.map(modelIn))
  const bands = [
    // A break is exceeded, a bound of a band is reached.
    { name: 'over', figure: 'input', bounds: over.map((limit) => limit + 1) },
    { name: 'since', figure: 'time', bounds: since },
  ] as const
  const timeZone = host.config.defaults.time_zone
  return {
    question: (keys) => ({
      ...{ from: 'messages', where, timeZone, aggregates: AGGREGATES },
      has: HAS,
      group: [...new Set([...keys, 'provider', 'model', 'currency', 'cost_source'] as const), ...bands],
    }),
    of: (found) => costOf(found, prices),
  }
}

function costOf(rows: TotalsRow[], prices: Prices): CostResult {
  const stored = rows.filter(({ currency }) => currency !== null).map(partOf)
  const groups = rows.filter(({ currency }) => currency === null).map(groupOf)
  return { ...summarizeCosts(prices, groups, stored), prices_date: CATALOGUE.date }
}

export const modelIn = ({ provider, model }: TotalsRow) => ({ provider: provider as string | null, model: model as string | null })

const partOf = (row: TotalsRow): CostPart => ({
  amount: countIn(row, 'amount'),
  currency: String(row.currency),
  source: row.cost_source as CostPart['source'],
  messages: countIn(row, 'messages'),
})

const groupOf = (row: TotalsRow): CountedGroup => ({
  ...modelIn(row),
  over: Math.max(0, countIn(row, 'over') - 1),
  since: countIn(row, 'since'),
  usage: Object.fromEntries(USAGE.map((name) => [name, numberIn(row, name)])),
  messages: countIn(row, 'counted'),
  uncounted: countIn(row, 'uncounted'),
})

/** The dollars of a cost; null where none are known. */
export function dollarsOf({ costs }: CostSummary): number | null {
  const amounts = costs.flatMap(({ currency, amount }) => (currency === 'USD' ? [amount] : []))
  return amounts.length === 0 ? null : Number(amounts.reduce((sum, amount) => sum + amount, 0).toPrecision(12))
}
