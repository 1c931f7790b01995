import type { Cost, Usage } from 'ainative-code'
import { countOf, objectOf, sumOf } from './values.ts'

/** What a request wrote to a cache, by how long it is kept there. `total` counts both, and stands where a server does not tell them apart. */
export function cacheWrites(total: unknown, minutes: unknown, hour: unknown): Pick<Usage, 'cache_write' | 'cache_write_1h'> {
  const all = countOf(total) ?? sumOf(minutes, hour)
  const long = countOf(hour)
  if (all === undefined || long === undefined) return { cache_write: all }
  return { cache_write: Math.max(0, all - long), cache_write_1h: long }
}

/** What a server charges, in dollars: `cost` of its usage as OpenRouter sends it, or the total of it as Perplexity does. */
export function reportedCost(usage: unknown): Cost | undefined {
  const { cost } = objectOf(usage)
  const value = objectOf(cost).total_cost ?? cost
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const isAmount = typeof amount === 'number' && Number.isFinite(amount) && amount >= 0
  return isAmount ? { amount, currency: 'USD', source: 'reported' } : undefined
}
