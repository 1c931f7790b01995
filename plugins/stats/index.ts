import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `session stats`: counts, tokens, times and costs of sessions. */
export default definePlugin({
  name: 'stats',
  configPath: 'prices',
  blockSchema: async () => (await import('./prices/configured-prices.ts')).pricesSchema(),
  apply({ hooks }) {
    hooks.commands.tap('stats', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    hooks.completers.tap('stats', ({ add }) =>
      add({ name: 'group', values: async (_, text) => (await import('./keys.ts')).completeKeys(text) }),
    )
  },
})
