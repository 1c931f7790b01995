import type { Context, Expr, GroupKey, Totals, TotalsRow } from 'ainative-code'
import { answerQuestions } from './answer-questions.ts'
import { countIn, numberIn } from './numbers.ts'
import { CATALOGUE } from './prices/catalogue-version.ts'
import { type CostPart, type CostSummary, type CountedGroup, summarizeCosts } from './prices/cost-summary.ts'
import { type Prices, pricesFor } from './prices/prices.ts'

/** The cost of messages, as a part of a result. */
export interface CostResult extends CostSummary {
  /** The day of the price catalogue, as YYYY-MM-DD. */
  prices_date: string
}

/** Computes the costs of a selection of messages. */
export interface Costs {
  /** Creates the question whose rows `of` converts to costs, grouped by these keys. */
  question(keys: readonly GroupKey[]): Totals
  /** Computes the cost of the messages that these rows summarize. */
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

/** A message that can have a cost has at least one of these figures. User messages, half of all messages, have none. */
const HAS = ['cost', 'tokens', 'uncounted'] as const

/** Loads the prices of the models in a selection. */
export async function openCosts({ host, signal }: Pick<Context, 'host' | 'signal'>, where: Expr): Promise<Costs> {
  const prices = await pricesFor(host)
  const models: Totals = { from: 'messages', where, group: ['provider', 'model'], aggregates: {} }
  const [rows = []] = await answerQuestions(await host.store(), [models], signal)
  const { over, since } = prices.breakpoints(rows.map(modelIn))
  const bands = [
    // A price changes above a limit, but a band includes its bound, so each bound is the limit plus 1.
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
    of: (rows) => costOf(rows, prices),
  }
}

function costOf(rows: TotalsRow[], prices: Prices): CostResult {
  const stored = rows.filter(({ currency }) => currency !== null).map(partOf)
  const groups = rows.filter(({ currency }) => currency === null).map(groupOf)
  return { ...summarizeCosts(prices, groups, stored), prices_date: CATALOGUE.date }
}

/** The provider and the model in a row. */
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

/** The part of a cost in US dollars; null if there is none. */
export function dollarsOf({ costs }: CostSummary): number | null {
  const amounts = costs.flatMap(({ currency, amount }) => (currency === 'USD' ? [amount] : []))
  return amounts.length === 0 ? null : Number(amounts.reduce((sum, amount) => sum + amount, 0).toPrecision(12))
}
