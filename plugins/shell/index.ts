import { definePlugin } from 'ainative-code'

/** What belongs to the shell, and works outside of it too. */
export default definePlugin({
  name: 'shell',
  apply({ hooks }) {
    hooks.commands.tap('shell', ({ add }) => {
      add({
        name: 'shell',
        tolerant: true,
        summary: 'Open the shell',
        group: 'Shell',
        load: async () => (await import('./shell.ts')).shell,
      })
      add({
        name: 'history',
        tolerant: true,
        summary: 'Show or search the lines typed in the shell',
        group: 'Shell',
        load: async () => (await import('./history.ts')).history,
      })
    })
  },
})
