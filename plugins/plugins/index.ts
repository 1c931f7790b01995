import { definePlugin } from 'ainative-code'

/** What is loaded, and a first plugin to start from. */
export default definePlugin({
  name: 'plugins',
  apply({ hooks }) {
    hooks.commands.tap('plugins', ({ add }) => {
      add({
        name: 'plugin list',
        tolerant: true,
        summary: 'List plugins and the hooks they tap',
        group: 'Plugins',
        load: async () => (await import('./list.ts')).list,
      })
      add({
        name: 'plugin new',
        tolerant: true,
        summary: 'Write a first plugin, with its test',
        group: 'Plugins',
        load: async () => (await import('./new.ts')).create,
      })
    })
  },
})
