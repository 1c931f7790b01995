import { type Host, isCost, type Message, type Usage } from 'ainative-code'
import { amountOf, hasMore, ratesOf, type Tariff } from './amount.ts'
import type { Rates } from './config.ts'

/** What a message, or a group of them, cost. */
export interface Charge {
  amount: number
  /** An ISO 4217 code; computed ones are in USD. */
  currency: string
  /** Whether the provider or the tool told it, or it follows from tokens and prices. */
  source: 'reported' | 'computed'
  /** Present where a price is that of a similar model, or the price of a part is unknown. */
  estimate?: true
}

/** The model of a message; where the message does not name one, the caller takes that of its session. */
export interface ModelName {
  provider?: string | null
  model?: string | null
}

export type PricedMessage = ModelName & Pick<Message, 'usage' | 'cost' | 'timestamp'>

/** Where prices of some models change; a store can group messages by them. */
export interface Breaks {
  /** Counts of sent tokens, ascending. */
  over: number[]
  /** Times in milliseconds UTC, ascending. */
  since: number[]
}

/**
 * Sums over messages without a `cost` of one provider and model that lie between the same breaks: `over` is the largest of Breaks.over
 * that the `usage.input` of each message exceeds, `since` the largest of Breaks.since that its time has reached; 0 for none. A sum of
 * nothing is null or absent.
 */
export interface CostGroup extends ModelName {
  over: number
  since: number
  usage: { [Name in keyof Usage]?: number | null }
}

/** The cost of what is priced; `local` for a model that runs on a machine of one's own and costs nothing per token; undefined where it is unknown. */
export type Priced = Charge | 'local' | undefined

export interface Prices {
  /** A reported cost is preferred. Undefined also for a message without counts. */
  costOf(message: PricedMessage): Priced
  /** In time that does not depend on the number of messages. An estimate where the price of a model depends on the hour. */
  costOfGroup(group: CostGroup): Priced
  /** The breaks of all these models together. */
  breaks(models: Iterable<ModelName>): Breaks
  /** Whether the price of a model is known, so that the others can be listed. */
  knows(model: ModelName): boolean
}

/** Ollama names those that run elsewhere. */
const isLocal = ({ provider, model }: ModelName) => provider === 'ollama' && !/[:-]cloud$/.test(model ?? '')

const withoutNulls = (usage: CostGroup['usage']): Usage => Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null))

/** Where nothing is configured, nothing that would check it is loaded. */
const configuredFor = async (host: Pick<Host, 'block' | 'fileOf'>): Promise<Map<string, Rates>> =>
  Object.keys(host.block('prices')).length === 0 ? new Map() : (await import('./config.ts')).configuredPrices(host)

function charge(usage: Usage, tariff: Tariff | 'local' | undefined): Priced {
  const found = typeof tariff === 'object' ? amountOf(usage, tariff) : undefined
  if (!found) return tariff === 'local' ? tariff : undefined
  const { amount, estimate } = found
  return { amount, currency: 'USD', source: 'computed', ...(estimate && { estimate }) }
}

/** Reads the prices of the config and of the catalogue. Throws a Problem where the config has a mistake. */
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
    const own = configured.get(name.model ?? '')
    if (!own && isLocal(name)) return 'local'
    const entry = isLocal(name) ? undefined : entryOf(name)
    if (!entry) return own && { own, listed: {}, sure: true }
    const price = priceAt(entry, time, hours)
    return { own: own ?? {}, listed: ratesOf(price, sent), sure: entry.sure && !hasMore(price) && (hours || !hasHours(entry)) }
  }
  return {
    costOf({ cost, usage = {}, timestamp, ...name }) {
      if (isCost(cost)) return { ...cost, amount: Number(cost.amount) }
      return charge(usage, tariffOf(name, usage.input ?? 0, Date.parse(timestamp), true))
    },
    costOfGroup: ({ over, since, usage, ...name }) => charge(withoutNulls(usage), tariffOf(name, over + 1, since, false)),
    breaks(models) {
      const found = [...models].filter((name) => !isLocal(name)).flatMap((name) => entryOf(name) ?? [])
      const sorted = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b)
      return { over: sorted(found.flatMap(tiersOf)), since: sorted(found.flatMap(startsOf)) }
    },
    knows: (name) => charge({ input: 1, output: 1 }, tariffOf(name, 1, Date.now(), false)) !== undefined,
  }
}
