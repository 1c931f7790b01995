import { type Host, isCost, type Message, type Usage } from 'ainative-code'
import { amountOf, hasOtherCharges, ratesOf, type Tariff } from './amount.ts'
import type { Rates } from './configured-prices.ts'

/** The cost of a message or a group of messages. */
export interface Charge {
  amount: number
  /** An ISO 4217 code; USD for computed costs. */
  currency: string
  /** `reported` by the provider or a tool, or `computed` from token counts and prices. */
  source: 'reported' | 'computed'
  /** Present if a price belongs to a similar model, or the price of a part is unknown. */
  estimate?: true
}

/** The provider and the model of a message. If the message names none, the caller passes those of the session. */
export interface ModelName {
  provider?: string | null
  model?: string | null
}

/** The fields of a message that determine its cost. */
export type PricedMessage = ModelName & Pick<Message, 'usage' | 'cost' | 'timestamp'>

/** The points at which prices change. A store groups messages by the ranges between these points. */
export interface PriceBreakpoints {
  /** Counts of input tokens, ascending. */
  over: number[]
  /** Times in milliseconds UTC, ascending. */
  since: number[]
}

/**
 * The sums of messages of one provider and model that have no `cost` and lie between the same breakpoints. `over` is the largest value of
 * PriceBreakpoints.over that the `usage.input` of each message exceeds, or 0. `since` is the largest value of PriceBreakpoints.since that the
 * time of each message reaches, or 0. Unknown sums are null or absent.
 */
export interface CostGroup extends ModelName {
  over: number
  since: number
  usage: { [Name in keyof Usage]?: number | null }
}

/** A cost; `local` for a model on the user's own machine, which has no price per token; undefined if the cost is unknown. */
export type Priced = Charge | 'local' | undefined

/** Computes costs from the configured prices and the catalogue. */
export interface Prices {
  /** The cost of a message: the reported cost if there is one. Undefined for a message without token counts. */
  costOf(message: PricedMessage): Priced
  /** The cost of a group, in constant time. An estimate if the price of the model depends on the hour of the day. */
  costOfGroup(group: CostGroup): Priced
  /** The breakpoints of all these models. */
  breakpoints(models: Iterable<ModelName>): PriceBreakpoints
  /** True if the price of a model is known. */
  knows(model: ModelName): boolean
}

/** True if a model runs on the user's own machine. Ollama names its hosted models with the suffix `cloud`. */
const isLocal = ({ provider, model }: ModelName) => provider === 'ollama' && !/[:-]cloud$/.test(model ?? '')

const withoutNulls = (usage: CostGroup['usage']): Usage => Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null))

/** Reads the configured prices. Without any, the module with the schema is not loaded. */
const configuredFor = async (host: Pick<Host, 'block' | 'fileOf'>): Promise<Map<string, Rates>> =>
  Object.keys(host.block('prices')).length === 0 ? new Map() : (await import('./configured-prices.ts')).configuredPrices(host)

function charge(usage: Usage, tariff: Tariff | 'local' | undefined): Priced {
  const result = typeof tariff === 'object' ? amountOf(usage, tariff) : undefined
  if (!result) return tariff === 'local' ? tariff : undefined
  const { amount, estimate } = result
  return { amount, currency: 'USD', source: 'computed', ...(estimate && { estimate }) }
}

/** Loads the configured prices and the catalogue. Throws a Problem if the config is invalid. */
export async function pricesFor(host: Pick<Host, 'block' | 'fileOf'>): Promise<Prices> {
  const configured = await configuredFor(host)
  const { hasHours, openCatalogue, priceAt, startsOf, tiersOf } = await import('./catalogue.ts')
  const catalogue = await openCatalogue()
  const entries = new Map<string, ReturnType<typeof catalogue.find>>()
  const entryOf = ({ provider, model }: ModelName) => {
    if (!model) return undefined
    const key = JSON.stringify([provider, model])
    if (!entries.has(key)) entries.set(key, catalogue.find(provider ?? undefined, model))
    return entries.get(key)
  }
  const tariffOf = (name: ModelName, sent: number, time: number, hours: boolean): Tariff | 'local' | undefined => {
    const ownRates = configured.get(name.model ?? '')
    if (!ownRates && isLocal(name)) return 'local'
    const entry = isLocal(name) ? undefined : entryOf(name)
    if (!entry) return ownRates && { configured: ownRates, catalogue: {}, exact: true }
    const price = priceAt(entry, time, hours)
    return {
      configured: ownRates ?? {},
      catalogue: ratesOf(price, sent),
      exact: entry.exact && !hasOtherCharges(price) && (hours || !hasHours(entry)),
    }
  }
  return {
    costOf({ cost, usage = {}, timestamp, ...name }) {
      if (isCost(cost)) return { ...cost, amount: Number(cost.amount) }
      return charge(usage, tariffOf(name, usage.input ?? 0, Date.parse(timestamp), true))
    },
    costOfGroup: ({ over, since, usage, ...name }) => charge(withoutNulls(usage), tariffOf(name, over + 1, since, false)),
    breakpoints(models) {
      const priced = [...models].filter((name) => !isLocal(name)).flatMap((name) => entryOf(name) ?? [])
      const sort = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b)
      return { over: sort(priced.flatMap(tiersOf)), since: sort(priced.flatMap(startsOf)) }
    },
    knows: (name) => charge({ input: 1, output: 1 }, tariffOf(name, 1, Date.now(), false)) !== undefined,
  }
}
