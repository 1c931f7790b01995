import type { Cost, Usage } from 'ainative-code'
import { countOf, objectOf, sumOf } from './values.ts'

/** The tokens written to a cache, by their lifetime: 5 minutes or an hour. `total` counts both; some servers send only the total. */
export function cacheWrites(total: unknown, minutes: unknown, hour: unknown): Pick<Usage, 'cache_write' | 'cache_write_1h'> {
  const all = countOf(total) ?? sumOf(minutes, hour)
  const long = countOf(hour)
  if (all === undefined || long === undefined) return { cache_write: all }
  return { cache_write: Math.max(0, all - long), cache_write_1h: long }
}

/** The cost that a server reports, in dollars: `usage.cost` as OpenRouter sends it, or `usage.cost.total_cost` as Perplexity does. */
export function reportedCost(usage: unknown): Cost | undefined {
  const { cost } = objectOf(usage)
  const value = objectOf(cost).total_cost ?? cost
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const isAmount = typeof amount === 'number' && Number.isFinite(amount) && amount >= 0
  return isAmount ? { amount, currency: 'USD', source: 'reported' } : undefined
}
