import { type Host, maskedPath, nonBlank, Problem, suggestion } from 'ainative-code'
import * as z from 'zod'
import type { ProviderSpec } from './provider-spec.ts'

const number = () => z.number()
const count = () => z.int().positive()

/** The longest time that Node's timers accept, in milliseconds. */
const MAX_MS = 2_147_483_647

/** A schema of a time in seconds, or a text such as 90s, 2m or 500ms. The result is in milliseconds. */
const duration = () =>
  z.union([z.number().positive(), z.string()]).transform((value, context): number => {
    if (typeof value === 'number') return Math.min(value * 1000, MAX_MS)
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value) ?? []
    if (Number(amount) > 0) return Math.min(Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm'], MAX_MS)
    context.addIssue({ code: 'custom', message: 'expected seconds, or a text such as 90s or 2m' })
    return z.NEVER
  })

/** A schema of a version such as 2024-10-21, which YAML reads as a date. */
const date = () => z.date().transform((value) => value.toISOString().slice(0, 10))

/** The settings of every provider. */
const SHARED = () => ({
  api_key: nonBlank(),
  api_key_command: nonBlank(),
  model: nonBlank(),
  base_url: nonBlank(),
  max_tokens: count(),
  temperature: number().min(0).max(2),
  top_p: number().min(0).max(1),
  timeout: duration(),
  headers: z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'this is not the name of a header'), z.string()),
  options: z.record(z.string(), z.unknown()),
})

/** The schema of a provider's block. */
export function blockSchema({ fields = {}, baseUrl }: Pick<ProviderSpec, 'fields' | 'baseUrl'>) {
  const own = [...Object.keys(fields), ...(baseUrl.key ? [baseUrl.key] : [])].map((key) => [key, z.union([nonBlank(), number(), date()])])
  return z.object({ ...SHARED(), ...Object.fromEntries(own) }).partial()
}

/** The schema of `llm` apart from the blocks of providers: the default provider, and older names of gemini and meta. */
export function llmSchema(host: Pick<Host, 'providers'>) {
  const block = blockSchema({ baseUrl: { variables: [] } })
  const isProvider = (name: string) => host.providers().find(name) !== undefined
  const message = () => `expected a provider: ${host.providers().names().join(', ')}`
  // The provider of an external plugin may have a block of any name.
  return z
    .looseObject({
      default_provider: z.string().refine(isProvider, { error: message }).meta({ complete: 'provider' }),
      google: block,
      meta_llama: block,
    })
    .partial()
}

/** Checks a provider's config block; throws a Problem that names the key of a mistake. */
export function checkBlock(host: Host, spec: ProviderSpec, block: Record<string, unknown>): Record<string, unknown> {
  const { name } = spec
  const schema = blockSchema(spec)
  const { shape } = schema
  const unknown = Object.keys(block).find((key) => !Object.hasOwn(shape, key))
  if (unknown) throw mistake(host, [name, unknown], 'unknown key', suggestion(unknown, Object.keys(shape)))
  const result = schema.safeParse(block)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const inner = issue?.code === 'invalid_key' ? issue.issues[0] : issue
  throw mistake(host, [name, ...(issue?.path ?? [])], inner?.message ?? '')
}

function mistake(host: Host, path: readonly PropertyKey[], message: string, hint = 'ainative-code config path names the file') {
  const file = host.fileOf(['llm', ...path].join('.'))
  return new Problem('config', `config llm.${maskedPath(path)}: ${message}${file ? ` (${file})` : ''}`, { hint })
}
