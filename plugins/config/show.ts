import { defineCommand, type Json, masked } from 'ainative-code'
import * as z from 'zod'

export const show = defineCommand({
  name: 'config show',
  summary: 'Show the settings in force',
  group: 'Configuration',
  tolerant: true,
  writes: false,
  input: z.object({}),
  run: (_, { host }) => {
    const { plugins, ...settings } = host.config.values
    return {
      plugins: (plugins ?? []).map((plugin) => (typeof plugin === 'string' ? masked(plugin, 'harmless') : plugin?.name)),
      ...(masked(settings) as Json),
    }
  },
})
