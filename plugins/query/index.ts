import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds JSONata queries on sessions: the command `query`, --query and --where. */
export default definePlugin({
  name: 'query',
  apply(host) {
    const { hooks } = host
    hooks.commands.tap('query', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    hooks.completers.tap('query', ({ add }) =>
      add({ name: 'jsonata', values: async (...args) => (await import('./completer.ts')).jsonata.values(...args) }),
    )
    hooks.tasks.tap('query', ({ add }) => add({ name: 'query', load: async () => (await import('./answer-question.ts')).answerQuestion }))
    hooks.line.tap('query', (text) => ['query', '--', text])
    hooks.where.tapPromise('query', async (text) => (await import('./evaluator.ts')).createPredicate(host, text))
    hooks.query.tapPromise('query', async (text) => (await import('./evaluator.ts')).createEvaluate(host, text))
    hooks.incomplete.tapPromise('query', async (text) => (await import('./syntax.ts')).isIncomplete(text))
  },
})
