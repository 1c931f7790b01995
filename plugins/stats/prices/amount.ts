import type { ModelPrice } from '@pydantic/genai-prices'
import type { Usage } from 'ainative-code'
import type { RateName, Rates } from './config.ts'

/** The rates of a model, and of whom they are. */
export interface Tariff {
  /** Of the config. */
  own: Rates
  /** Of the catalogue. */
  listed: Rates
  /** False where `listed` may be those of another model. */
  sure: boolean
}

const KEYS: Record<Exclude<RateName, 'web_search'>, string> = {
  input: 'input_mtok',
  cached: 'cache_read_mtok',
  cache_write: 'cache_write_mtok',
  cache_write_1h: 'cache_write_1h_mtok',
  output: 'output_mtok',
}

/** The catalogue's price of a request that sends so many tokens, as rates. */
export function ratesOf(price: ModelPrice, sent: number): Rates {
  const at = (key: string) => {
    const value = price[key]
    if (typeof value !== 'object') return value
    const tiers = value.tiers.toSorted((a, b) => a.start - b.start)
    return tiers.findLast(({ start }) => sent > start)?.price ?? value.base
  }
  const searches = at('web_searches_kcount')
  const tokens = Object.entries(KEYS).map(([name, key]) => [name, at(key)])
  return { ...Object.fromEntries(tokens), web_search: searches === undefined ? undefined : searches * 1000 }
}

/** What some models charge beside tokens and searches, which no message counts. */
export const hasMore = (price: ModelPrice) =>
  ['requests_kcount', 'output_reasoning_mtok', 'output_citation_mtok'].some((key) => price[key] !== undefined)

/** The rate that stands in for one that is missing. */
const INSTEAD: Partial<Record<RateName, RateName>> = { cached: 'input', cache_write: 'input', cache_write_1h: 'cache_write' }

function rateOf({ own, listed, sure }: Tariff, name: RateName): { rate: number; sure: boolean } | undefined {
  const mine = own[name]
  if (mine !== undefined) return { rate: mine, sure: true }
  const theirs = listed[name]
  if (theirs !== undefined) return { rate: theirs, sure }
  const other = INSTEAD[name]
  const found = other && rateOf({ own, listed, sure }, other)
  return found && { rate: found.rate, sure: false }
}

/** The dollars that these counts cost; undefined where nothing is counted, or the price of the tokens is unknown. */
export function amountOf(usage: Usage, tariff: Tariff): { amount: number; estimate?: true } | undefined {
  const { input, output, cached = 0, cache_write = 0, cache_write_1h = 0, web_searches: web_search = 0 } = usage
  if (input === undefined && output === undefined && web_search === 0) return undefined
  const fresh = Math.max(0, (input ?? 0) - cached - cache_write - cache_write_1h)
  const counts: Record<RateName, number> = { input: fresh, cached, cache_write, cache_write_1h, output: output ?? 0, web_search }
  let millionths = 0
  let isSure = true
  for (const [name, count] of Object.entries(counts) as [RateName, number][]) {
    if (count === 0) continue
    const found = rateOf(tariff, name)
    if (!found && name !== 'web_search') return undefined
    millionths += count * (found?.rate ?? 0)
    isSure &&= found?.sure ?? false
  }
  // A double has no more digits than these that mean something.
  const amount = Number((millionths / 1e6).toPrecision(12))
  return isSure ? { amount } : { amount, estimate: true }
}
