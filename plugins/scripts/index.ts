import { definePlugin } from 'ainative-code'

/** Scripts: the lines of a file or of standard input, and TypeScript. */
export default definePlugin({
  name: 'scripts',
  apply({ hooks }) {
    hooks.commands.tap('scripts', ({ add }) =>
      add({ name: 'run', group: 'Query', summary: 'Run a script', load: async () => (await import('./run.ts')).run }),
    )
  },
})
