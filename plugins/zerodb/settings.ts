import { type Host, nonBlank, readBlock } from 'ainative-code'
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

/** The settings of `services.zerodb`. */
export type Settings = z.output<ReturnType<typeof settingsSchema>>

/** Reads and checks the settings of `services.zerodb`. Throws a Problem that names the invalid key. */
export const readSettings = (host: Host): Settings => readBlock(host, 'services.zerodb', settingsSchema())
