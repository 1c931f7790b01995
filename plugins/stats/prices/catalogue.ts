import type { ConditionalPrice, ModelPrice } from '@pydantic/genai-prices'
import { dated, isAbout, matches } from './match.ts'
import { type PriceList, providers } from './providers.ts'

/** The prices of a model, the last that applies being the one that counts. */
export interface Entry {
  prices: ConditionalPrice[]
  /** False where the catalogue has no price of this very model at this provider, and gives that of a similar one. */
  sure: boolean
}

export interface Catalogue {
  /** Looks up a model by the name that its messages carry. A provider that is unknown gets the price of the model's maker. */
  find(provider: string | undefined, model: string): Entry | undefined
}

/** No model has a longer name. */
const LONGEST = 200

export async function openCatalogue(): Promise<Catalogue> {
  const lists = await providers()
  const listOf = (provider: string) => {
    const name = provider.trim().toLowerCase()
    return lists.find(({ id }) => id === name) ?? lists.find(({ provider_match: rule }) => rule && matches(rule, name))
  }
  const makerOf = (name: string) => lists.find(({ model_match: rule }) => rule && matches(rule, name))
  const inList = (list: PriceList, name: string): PriceList['models'][number] | undefined => {
    const others = (list.fallback_model_providers ?? []).flatMap((id) => lists.filter((each) => each.id === id))
    return [list, ...others].flatMap(({ models }) => models).find(({ match }) => matches(match, name))
  }
  const inListOf = (list: PriceList | undefined, name: string): Entry | undefined => {
    const found = list && (inList(list, name) ?? inList(list, dated(name)))
    if (!found) return undefined
    const { prices, match, id } = found
    const sure = id.toLowerCase() === name || isAbout(match, name) || isAbout(match, dated(name))
    return { prices: Array.isArray(prices) ? prices : [{ prices }], sure }
  }
  return {
    find(provider, model) {
      const name = model.trim().toLowerCase()
      if (name.length > LONGEST) return undefined
      const list = provider === undefined ? undefined : listOf(provider.slice(0, LONGEST))
      const entry = inListOf(list ?? makerOf(name), name)
      if (entry) return { ...entry, sure: entry.sure && (list !== undefined || provider === undefined) }
      // Routers name the maker before the model.
      const routed = name.includes('/') ? inListOf(listOf('openrouter'), name) : undefined
      return routed && { ...routed, sure: false }
    },
  }
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
