import { defineCommand, type Json, maskSecrets } from 'ainative-code'
import * as z from 'zod'

/** The command `config show`. */
export const show = defineCommand({
  name: 'config show',
  summary: 'Show the effective settings',
  group: 'Configuration',
  tolerant: true,
  writes: false,
  input: z.object({}),
  run: (_, { host }) => {
    const { plugins, ...settings } = host.config.values
    return {
      plugins: (plugins ?? []).map((plugin) => (typeof plugin === 'string' ? maskSecrets(plugin, 'harmless') : plugin?.name)),
      ...(maskSecrets(settings) as Json),
    }
  },
})
