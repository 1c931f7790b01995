import type { ModelPrice } from '@pydantic/genai-prices'
import type { Usage } from 'ainative-code'
import type { RateName, Rates } from './configured-prices.ts'

/** The rates of a model. Configured rates take precedence over those of the catalogue. */
export interface Tariff {
  configured: Rates
  catalogue: Rates
  /** False if the rates of the catalogue may belong to a similar model. */
  exact: boolean
}

const KEYS: Record<Exclude<RateName, 'web_search'>, string> = {
  input: 'input_mtok',
  cached: 'cache_read_mtok',
  cache_write: 'cache_write_mtok',
  cache_write_1h: 'cache_write_1h_mtok',
  output: 'output_mtok',
}

/** Converts a price of the catalogue to rates, for a request with `sent` input tokens. */
export function ratesOf(price: ModelPrice, sent: number): Rates {
  const rateFor = (key: string) => {
    const value = price[key]
    if (typeof value !== 'object') return value
    const tiers = value.tiers.toSorted((a, b) => a.start - b.start)
    return tiers.findLast(({ start }) => sent > start)?.price ?? value.base
  }
  const searches = rateFor('web_searches_kcount')
  const tokens = Object.entries(KEYS).map(([name, key]) => [name, rateFor(key)])
  return { ...Object.fromEntries(tokens), web_search: searches === undefined ? undefined : searches * 1000 }
}

/** True if a price has charges that messages do not count, such as a charge per request. */
export const hasOtherCharges = (price: ModelPrice) =>
  ['requests_kcount', 'output_reasoning_mtok', 'output_citation_mtok'].some((key) => price[key] !== undefined)

/** The rate to use if a rate is missing. */
const FALLBACKS: Partial<Record<RateName, RateName>> = { cached: 'input', cache_write: 'input', cache_write_1h: 'cache_write' }

function rateOf({ configured, catalogue, exact }: Tariff, name: RateName): { rate: number; exact: boolean } | undefined {
  const configuredRate = configured[name]
  if (configuredRate !== undefined) return { rate: configuredRate, exact: true }
  const catalogueRate = catalogue[name]
  if (catalogueRate !== undefined) return { rate: catalogueRate, exact }
  const fallback = FALLBACKS[name]
  const result = fallback && rateOf({ configured, catalogue, exact }, fallback)
  return result && { rate: result.rate, exact: false }
}

/** Computes the cost of token counts in US dollars; undefined if there are no counts, or a rate for tokens is unknown. */
export function amountOf(usage: Usage, tariff: Tariff): { amount: number; estimate?: true } | undefined {
  const { input, output, cached = 0, cache_write = 0, cache_write_1h = 0, web_searches: web_search = 0 } = usage
  if (input === undefined && output === undefined && web_search === 0) return undefined
  const uncached = Math.max(0, (input ?? 0) - cached - cache_write - cache_write_1h)
  const counts: Record<RateName, number> = { input: uncached, cached, cache_write, cache_write_1h, output: output ?? 0, web_search }
  let millionths = 0
  let isExact = true
  for (const [name, count] of Object.entries(counts) as [RateName, number][]) {
    if (count === 0) continue
    const result = rateOf(tariff, name)
    if (!result && name !== 'web_search') return undefined
    millionths += count * (result?.rate ?? 0)
    isExact &&= result?.exact ?? false
  }
  // Further digits are rounding errors of floating point.
  const amount = Number((millionths / 1e6).toPrecision(12))
  return isExact ? { amount } : { amount, estimate: true }
}
