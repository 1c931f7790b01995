import type { Charge, CostGroup, ModelName, Prices } from './prices.ts'

/** The charges of one currency that are known in the same way. */
export type CostPart = Charge & { messages: number }

/** Of what a cost is made, and what it leaves out. */
export interface CostSummary {
  costs: CostPart[]
  /** How many messages models on a machine of one's own wrote. */
  local: number
  /** Models without a known price, and how many messages they wrote; the most first. */
  unpriced: (ModelName & { messages: number })[]
  /** How many replies have neither a cost nor token counts, so that theirs is unknown. */
  uncounted: number
}

/** A group of messages; `messages` is how many of them have token counts, `uncounted` how many replies have none. */
export type CountedGroup = CostGroup & { messages: number; uncounted?: number }

/** Prices groups of messages without a cost, and adds to them the sums of the costs that messages have, by currency and source. */
export function summarizeCosts(prices: Prices, groups: Iterable<CountedGroup>, stored: Iterable<CostPart>): CostSummary {
  const parts = new Map<string, CostPart>()
  const unpriced = new Map<string, ModelName & { messages: number }>()
  let local = 0
  let left = 0
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
    left += uncounted
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
    uncounted: left,
  }
}

/** By currency; what was reported first, and estimates last. */
const byCurrency = (a: CostPart, b: CostPart) => (rankOf(a) < rankOf(b) ? -1 : 1)

const rankOf = ({ currency, source, estimate }: CostPart) => `${currency} ${estimate ? 2 : source === 'reported' ? 0 : 1}`
