import { plural, shorten, type View } from 'ainative-code'
import { type CostResult, dollarsOf } from './costs.ts'
import { costText, modelText, sumsOf } from './money.ts'
import { plainLine } from './plain-line.ts'
import type { CostPart } from './prices/cost-summary.ts'

/** The sum in each currency, and the number of messages whose price is unknown. */
function partsOf({ costs, local, unpriced }: CostResult): string[] {
  const unpricedMessages = unpriced.reduce((sum, { messages }) => sum + messages, 0)
  const parts = [...sumsOf(costs), ...(unpricedMessages > 0 ? [`${plural(unpricedMessages, 'message')} of unknown price`] : [])]
  return parts.length > 0 ? parts : [local > 0 ? 'local' : 'unknown']
}

/** Formats a cost for a cell of a table. */
export function costCell(cost: CostResult): string {
  if (cost.costs.length === 0 && cost.unpriced.length > 0) return 'unknown'
  return partsOf(cost)
    .join(' + ')
    .replace(/ messages?.*/, ' unknown')
}

const MAX_MODELS = 5
const NAMES = { reported: 'Reported Cost', computed: 'Computed Cost' }
const nameOf = ({ estimate, source }: CostPart) => (estimate ? 'Estimated Cost' : NAMES[source])

/** Formats a cost as lines: the sum, its parts, and the messages without a known cost. */
export async function costLines(cost: CostResult, view: View): Promise<string> {
  const { costs, local, unpriced, uncounted, prices_date } = cost
  const sum = `Cost: ${partsOf(cost).join(' + ')}`
  const models = unpriced.slice(0, MAX_MODELS).map(async ({ messages, ...model }) => {
    const room = view.width - `Unknown Price:  (${plural(messages, 'message')})`.length
    return `Unknown Price: ${await shorten(plainLine(modelText(model)), Math.max(8, room))} (${plural(messages, 'message')})`
  })
  const lines = [
    sum.length > view.width ? sum.replaceAll(' + ', '\n  + ') : sum,
    ...costs.map((part) => `${nameOf(part)}: ${costText(part)}`),
    ...(local > 0 ? [`Local Models: ${plural(local, 'message')}`] : []),
    ...(await Promise.all(models)),
    ...(unpriced.length > MAX_MODELS ? [`Unknown Price: ${plural(unpriced.length - MAX_MODELS, 'more model')}`] : []),
    ...(uncounted > 0 ? [`Without Token Counts: ${plural(uncounted, 'reply', 'replies')}`] : []),
    `Catalogue: prices as of ${prices_date}`,
  ]
  return `${lines.join('\n')}\n`
}

/** The fields of a cost in a result. In CSV all fields are plain values. */
export const costFields = (cost: CostResult, format: string) => ({
  cost_usd: dollarsOf(cost),
  ...(format === 'csv' ? { cost: partsOf(cost).join(' + '), prices_date: cost.prices_date } : { cost }),
})
