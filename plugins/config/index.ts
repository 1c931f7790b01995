import { definePlugin } from 'ainative-code'

export default definePlugin({
  name: 'config',
  requires: ['sqlite'],
  apply({ hooks }) {
    hooks.commands.tap('config', ({ add }) => {
      add({
        name: 'config show',
        summary: 'Show the settings in force',
        group: 'Configuration',
        load: async () => (await import('./show.ts')).show,
      })
      add({
        name: 'config path',
        summary: 'Show where settings and data lie',
        group: 'Configuration',
        load: async () => (await import('./path.ts')).path,
      })
    })
  },
})
