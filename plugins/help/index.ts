import { definePlugin } from 'ainative-code'

export default definePlugin({
  name: 'help',
  apply({ hooks }) {
    hooks.commands.tap('help', ({ add }) =>
      add({
        name: 'help',
        tolerant: true,
        summary: 'Show help for a command',
        group: 'Shell',
        load: async () => (await import('./help.ts')).help,
      }),
    )
  },
})
