import { definePlugin } from 'ainative-code'

export default definePlugin({
  name: 'config',
  requires: ['sqlite'],
  apply({ hooks }) {
    hooks.commands.tap('config', ({ add }) => {
      add({
        name: 'config show',
        tolerant: true,
        summary: 'Show the settings in force',
        group: 'Configuration',
        load: async () => (await import('./show.ts')).show,
      })
      add({
        name: 'config path',
        tolerant: true,
        summary: 'Show where settings and data lie',
        group: 'Configuration',
        load: async () => (await import('./path.ts')).path,
      })
    })
  },
})
