import { definePlugin } from 'ainative-code'

/** Counts, tokens, times and costs of sessions. */
export default definePlugin({
  name: 'stats',
  configPath: 'prices',
  blockSchema: async () => (await import('./prices/config.ts')).pricesSchema(),
  apply({ hooks }) {
    hooks.commands.tap('stats', ({ add }) =>
      add({
        name: 'session stats',
        summary: 'Show counts, tokens, times and costs of sessions',
        group: 'Sessions',
        load: async () => (await import('./command.ts')).stats,
        argvAliases: ['sessions stats'],
      }),
    )
    hooks.completers.tap('stats', ({ add }) =>
      add({ name: 'group', values: async (_, text) => (await import('./keys.ts')).completeKeys(text) }),
    )
  },
})
