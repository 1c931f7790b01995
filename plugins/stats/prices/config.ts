import { type Host, maskedPath, Problem, suggestion } from 'ainative-code'
import * as z from 'zod'

/** What a model has a price for, in dollars per million: tokens of each kind, and web searches. */
export const RATES = ['input', 'cached', 'cache_write', 'cache_write_1h', 'output', 'web_search'] as const
export type RateName = (typeof RATES)[number]
export type Rates = Partial<Record<RateName, number>>

const Price = () =>
  z
    .number('expected dollars per million, such as 3 or 0.25')
    .min(0, 'a price cannot be negative')
    .max(1e9, 'expected dollars per million, such as 3 or 0.25')

const Model = () =>
  z.object(Object.fromEntries(RATES.map((name) => [name, Price().optional()])), 'expected prices, such as { input: 3, output: 15 }')

/** The schema of the prices. */
export const pricesSchema = () => z.record(z.string(), Model())

/** The prices of the config, by the name of a model; a mistake in them is a Problem that names the key. */
export function configuredPrices(host: Pick<Host, 'block' | 'fileOf'>): Map<string, Rates> {
  const schema = Model()
  return new Map(
    Object.entries(host.block('prices')).map(([model, block]) => {
      const result = schema.safeParse(block)
      const [issue] = result.error?.issues ?? []
      if (issue) throw mistake(host, [model, ...issue.path], issue.message)
      const unknown = Object.keys(block as object).find((key) => !Object.hasOwn(schema.shape, key))
      if (unknown !== undefined) throw mistake(host, [model, unknown], 'unknown key', suggestion(unknown, RATES))
      return [model, result.data as Rates]
    }),
  )
}

function mistake(
  host: Pick<Host, 'fileOf'>,
  path: readonly PropertyKey[],
  message: string,
  hint = 'ainative-code config path names the file',
) {
  const file = host.fileOf('prices')
  return new Problem('config', `config prices.${maskedPath(path)}: ${message}${file ? ` (${file})` : ''}`, { hint })
}
