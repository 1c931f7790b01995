import { type ConditionalPrice, calcPrice, findProvider, type ModelPrice } from '@pydantic/genai-prices'
import { namesModel } from './match.ts'

/** The prices of a model, the last that applies being the one that counts. */
export interface Entry {
  prices: ConditionalPrice[]
  /** False where the catalogue has no price of this very model at this provider, and gives that of a similar one. */
  sure: boolean
}

/** Looks up a model by the name that its messages carry. A provider that the catalogue does not know gets the price of the model's maker. */
export function findEntry(provider: string | undefined, model: string): Entry | undefined {
  const known = provider === undefined || findProvider({ providerId: provider }) !== undefined
  const entry = lookUp(model, known ? provider : undefined)
  if (entry) return { ...entry, sure: entry.sure && known }
  // Routers name the maker before the model.
  const routed = model.includes('/') ? lookUp(model, 'openrouter') : undefined
  return routed && { ...routed, sure: false }
}

function lookUp(model: string, providerId: string | undefined): Entry | undefined {
  const found = calcPrice({}, model, { providerId })
  if (!found) return undefined
  const { prices, match, id } = found.model
  const isNamed = id.toLowerCase() === model.trim().toLowerCase() || namesModel(match, model)
  return { prices: Array.isArray(prices) ? prices : [{ prices }], sure: isNamed }
}

/** The price at a time, in milliseconds UTC; without `hours`, that of most hours of the day. */
export function priceAt({ prices }: Entry, time: number, hours: boolean): ModelPrice {
  const applies = ({ constraint }: ConditionalPrice) => {
    if (!constraint) return true
    if (constraint.type === 'start_date') return Date.parse(constraint.start_date) <= time
    if (!hours) return false
    const { start_time: start, end_time: end } = constraint
    const clock = new Date(time).toISOString().slice(11)
    return start <= end ? clock >= start && clock < end : clock >= start || clock < end
  }
  return (prices.findLast(applies) ?? (prices[0] as ConditionalPrice)).prices
}

/** True if the price changes within a day. */
export const hasHours = ({ prices }: Entry) => prices.some(({ constraint }) => constraint?.type === 'time_of_date')

/** When the price changes for good, in milliseconds UTC. */
export const startsOf = ({ prices }: Entry): number[] =>
  prices.flatMap(({ constraint }) => (constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : []))

/** The counts of sent tokens above which the price of the whole request is another one. */
export const tiersOf = ({ prices }: Entry): number[] =>
  prices.flatMap((each) =>
    Object.values(each.prices).flatMap((price) => (typeof price === 'object' ? price.tiers.map(({ start }) => start) : [])),
  )
