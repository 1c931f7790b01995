import { definePlugin } from 'ainative-code'

export default definePlugin({
  name: 'help',
  apply({ hooks }) {
    hooks.commands.tap('help', ({ add }) =>
      add({
        name: 'help',
        tolerant: true,
        summary: 'Tell about commands',
        group: 'Shell',
        load: async () => (await import('./help.ts')).help,
      }),
    )
  },
})
