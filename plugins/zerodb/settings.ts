import { type Host, nonBlank, Problem } from 'ainative-code'
import * as z from 'zod'

/** The schema of `services.zerodb`. */
export const settingsSchema = () =>
  z
    .object({
      enabled: z.boolean(),
      endpoint: nonBlank(),
      auth: z.enum(['password', 'token']),
      encryption: z.boolean(),
      allow_insecure: z.boolean(),
      sync: z.object({ auto: z.boolean() }).partial(),
    })
    .partial()

export type Settings = z.output<ReturnType<typeof settingsSchema>>

/** Reads the block `services.zerodb`. Throws a Problem that names the key of a mistake. */
export function readSettings(host: Host): Settings {
  const result = settingsSchema().safeParse(host.block('services.zerodb'))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const key = ['services.zerodb', ...(issue?.path ?? [])].join('.')
  const file = host.fileOf(key)
  throw new Problem('config', `config ${key}: ${issue?.message}${file ? ` (${file})` : ''}`, { hint: 'ainative-code config edit' })
}
