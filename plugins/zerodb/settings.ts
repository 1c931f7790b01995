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

/** The block `services.zerodb`, checked. */
export type Settings = z.output<ReturnType<typeof settingsSchema>>

/** Reads the block `services.zerodb`. Throws a Problem that names the key of a mistake. */
export const readSettings = (host: Host): Settings => readBlock(host, 'services.zerodb', settingsSchema())
