import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** JSONata over sessions: the command query, and --where. */
export default definePlugin({
  name: 'query',
  apply(host) {
    const { hooks } = host
    hooks.commands.tap('query', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    hooks.completers.tap('query', ({ add }) =>
      add({ name: 'jsonata', values: async (...given) => (await import('./completer.ts')).jsonata.values(...given) }),
    )
    hooks.tasks.tap('query', ({ add }) => add({ name: 'query', load: async () => (await import('./answer.ts')).answer }))
    hooks.line.tap('query', (text) => ['query', '--', text])
    hooks.where.tapPromise('query', async (text) => (await import('./evaluator.ts')).predicate(host, text))
    hooks.query.tapPromise('query', async (text) => (await import('./evaluator.ts')).evaluation(host, text))
    hooks.incomplete.tapPromise('query', async (text) => (await import('./syntax.ts')).isIncomplete(text))
  },
})
