import type { ConditionalPrice, ModelPrice } from '@pydantic/genai-prices'
import { isSpecificTo, matchesRule, withDashedDate } from './match-rule.ts'
import { type PriceList, providers } from './providers.ts'

/** The prices of a model. The last price whose condition applies is the valid one. */
export interface Entry {
  prices: ConditionalPrice[]
  /** False if the prices belong to a similar model, because the catalogue lacks this model at this provider. */
  exact: boolean
}

/** The price catalogue. */
export interface Catalogue {
  /** Finds a model by its name in messages. For an unknown provider, the prices are those of the model's maker. */
  find(provider: string | undefined, model: string): Entry | undefined
}

/** The maximum length of a name, in UTF-16 units; no model has a longer name. */
const MAX_NAME_LENGTH = 200

/** Loads the price catalogue. */
export async function openCatalogue(): Promise<Catalogue> {
  const lists = await providers()
  const listOf = (provider: string) => {
    const name = provider.trim().toLowerCase()
    return lists.find(({ id }) => id === name) ?? lists.find(({ provider_match: rule }) => rule && matchesRule(rule, name))
  }
  const makerOf = (name: string) => lists.find(({ model_match: rule }) => rule && matchesRule(rule, name))
  const inList = (list: PriceList, name: string): PriceList['models'][number] | undefined => {
    const others = (list.fallback_model_providers ?? []).flatMap((id) => lists.filter((each) => each.id === id))
    return [list, ...others].flatMap(({ models }) => models).find(({ match }) => matchesRule(match, name))
  }
  const inListOf = (list: PriceList | undefined, name: string): Entry | undefined => {
    const model = list && (inList(list, name) ?? inList(list, withDashedDate(name)))
    if (!model) return undefined
    const { prices, match, id } = model
    const exact = id.toLowerCase() === name || isSpecificTo(match, name) || isSpecificTo(match, withDashedDate(name))
    return { prices: Array.isArray(prices) ? prices : [{ prices }], exact }
  }
  return {
    find(provider, model) {
      const name = model.trim().toLowerCase()
      if (name.length > MAX_NAME_LENGTH) return undefined
      const list = provider === undefined ? undefined : listOf(provider.slice(0, MAX_NAME_LENGTH))
      const entry = inListOf(list ?? makerOf(name), name)
      if (entry) return { ...entry, exact: entry.exact && (list !== undefined || provider === undefined) }
      // A router prefixes the model with its maker, as in anthropic/claude-opus-4.
      const viaRouter = name.includes('/') ? inListOf(listOf('openrouter'), name) : undefined
      return viaRouter && { ...viaRouter, exact: false }
    },
  }
}

/** The price at a time (milliseconds UTC). If `hours` is false, ignores prices that apply only to some hours of the day. */
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

/** True if the price depends on the hour of the day. */
export const hasHours = ({ prices }: Entry) => prices.some(({ constraint }) => constraint?.type === 'time_of_date')

/** The start times of prices, in milliseconds UTC. */
export const startsOf = ({ prices }: Entry): number[] =>
  prices.flatMap(({ constraint }) => (constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : []))

/** The counts of input tokens above which a request has another price. */
export const tiersOf = ({ prices }: Entry): number[] =>
  prices.flatMap((each) =>
    Object.values(each.prices).flatMap((price) => (typeof price === 'object' ? price.tiers.map(({ start }) => start) : [])),
  )
