import type { Charge, CostGroup, ModelName, Prices } from './prices.ts'

/** The sum of charges with the same currency and source, and the number of their messages. */
export type CostPart = Charge & { messages: number }

/** The parts of a cost, and the messages whose cost is unknown. */
export interface CostSummary {
  costs: CostPart[]
  /** The number of messages of local models. */
  local: number
  /** The models without a known price and the numbers of their messages, largest first. */
  unpriced: (ModelName & { messages: number })[]
  /** The number of replies that have neither a cost nor token counts. */
  uncounted: number
}

/** A group of messages: `messages` is the number with token counts, `uncounted` the number of replies without. */
export type CountedGroup = CostGroup & { messages: number; uncounted?: number }

/** Computes the costs of groups and adds the stored costs of messages, by currency and source. */
export function summarizeCosts(prices: Prices, groups: Iterable<CountedGroup>, stored: Iterable<CostPart>): CostSummary {
  const parts = new Map<string, CostPart>()
  const unpriced = new Map<string, ModelName & { messages: number }>()
  let local = 0
  let uncountedReplies = 0
  const add = (part: CostPart) => {
    const key = JSON.stringify([part.currency, part.source, part.estimate])
    const { amount, messages } = parts.get(key) ?? { amount: 0, messages: 0 }
    parts.set(key, { ...part, amount: amount + part.amount, messages: messages + part.messages })
  }
  for (const part of stored) add(part)
  for (const { messages, uncounted = 0, ...group } of groups) {
    const { provider, model } = group
    const cost = prices.costOfGroup(group)
    if (cost === 'local') {
      local += messages + uncounted
      continue
    }
    uncountedReplies += uncounted
    if (messages === 0) continue
    if (cost) add({ ...cost, messages })
    else {
      const key = JSON.stringify([provider, model])
      unpriced.set(key, { provider, model, messages: messages + (unpriced.get(key)?.messages ?? 0) })
    }
  }
  return {
    costs: [...parts.values()].filter(({ messages }) => messages > 0).sort(byCurrency),
    local,
    unpriced: [...unpriced.values()].sort((a, b) => b.messages - a.messages),
    uncounted: uncountedReplies,
  }
}

/** Sorts by currency, then reported costs before computed ones before estimates. */
const byCurrency = (a: CostPart, b: CostPart) => (rankOf(a) < rankOf(b) ? -1 : 1)

const rankOf = ({ currency, source, estimate }: CostPart) => `${currency} ${estimate ? 2 : source === 'reported' ? 0 : 1}`
