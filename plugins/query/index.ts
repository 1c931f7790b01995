import { definePlugin } from 'ainative-code'

/** JSONata over sessions: the command query, and --where. */
export default definePlugin({
  name: 'query',
  apply(host) {
    host.hooks.commands.tap('query', ({ add }) =>
      add({
        name: 'query',
        summary: 'Answer a JSONata query over all sessions',
        group: 'Query',
        load: async () => (await import('./command.ts')).query,
      }),
    )
    host.hooks.completers.tap('query', ({ add }) =>
      add({ name: 'jsonata', values: async (...given) => (await import('./completer.ts')).jsonata.values(...given) }),
    )
    host.hooks.where.tapPromise('query', async (text) => (await import('./where.ts')).predicate(host, text))
  },
})
