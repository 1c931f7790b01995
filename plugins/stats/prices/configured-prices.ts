import { type Host, maskedPath, Problem, suggestion } from 'ainative-code'
import * as z from 'zod'

/** The names of rates: kinds of tokens, and web searches. A rate is in US dollars per million. */
export const RATES = ['input', 'cached', 'cache_write', 'cache_write_1h', 'output', 'web_search'] as const
/** The name of a rate. */
export type RateName = (typeof RATES)[number]
/** The known rates of a model, in US dollars per million. */
export type Rates = Partial<Record<RateName, number>>

const Price = () =>
  z
    .number('expected dollars per million, such as 3 or 0.25')
    .min(0, 'a price cannot be negative')
    .max(1e9, 'expected dollars per million, such as 3 or 0.25')

const Model = () =>
  z.object(Object.fromEntries(RATES.map((name) => [name, Price().optional()])), 'expected prices, such as { input: 3, output: 15 }')

/** The schema of the config block `prices`. */
export const pricesSchema = () => z.record(z.string(), Model())

/** Reads the configured prices, by model name. Throws a Problem that names the key of an invalid value. */
export function configuredPrices(host: Pick<Host, 'block' | 'fileOf'>): Map<string, Rates> {
  const schema = Model()
  return new Map(
    Object.entries(host.block('prices')).map(([model, block]) => {
      const result = schema.safeParse(block)
      const [issue] = result.error?.issues ?? []
      if (issue) throw configProblem(host, [model, ...issue.path], issue.message)
      const unknown = Object.keys(block as object).find((key) => !Object.hasOwn(schema.shape, key))
      if (unknown !== undefined) throw configProblem(host, [model, unknown], 'unknown key', suggestion(unknown, RATES))
      return [model, result.data as Rates]
    }),
  )
}

function configProblem(
  host: Pick<Host, 'fileOf'>,
  path: readonly PropertyKey[],
  message: string,
  hint = 'ainative-code config path shows the path of the file',
) {
  const file = host.fileOf('prices')
  return new Problem('config', `config prices.${maskedPath(path)}: ${message}${file ? ` (${file})` : ''}`, { hint })
}
