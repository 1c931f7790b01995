import type { CostPart } from './prices/cost-summary.ts'
import type { ModelName, Priced } from './prices/prices.ts'

/** Formats an amount of money, such as $12.30 or $0.0042. */
export function moneyText(amount: number, currency = 'USD'): string {
  const write = (value: number, digits: number) =>
    value.toLocaleString('en-US', { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: digits })
  if (amount > 0 && amount < 0.0001) return `< ${write(0.0001, 4)}`
  return write(amount, amount < 1 ? 4 : 2)
}

/** Formats a cost: `~` marks an estimate, `local` is a local model, and a dash an unknown cost. */
export function costText(cost: Priced): string {
  if (cost === undefined) return '–'
  if (cost === 'local') return 'local'
  const money = moneyText(cost.amount, cost.currency)
  return cost.estimate && !money.startsWith('<') ? `~${money}` : money
}

/** Formats a model with its provider, such as openai/gpt-5. */
export const modelText = ({ provider, model }: ModelName) => [provider, model].filter(Boolean).join('/') || 'no model'

/** Formats the sum in each currency; `~` marks a sum with an estimate. */
export function sumsOf(costs: CostPart[]): string[] {
  const currencies = [...new Set(costs.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const parts = costs.filter((each) => each.currency === currency)
    const amount = parts.reduce((sum, each) => sum + each.amount, 0)
    return costText({ amount, currency, source: 'computed', ...(parts.some(({ estimate }) => estimate) && { estimate: true }) })
  })
}
