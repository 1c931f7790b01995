import { definePlugin } from 'ainative-code'

/** Which projects' configs may run code and override settings. */
export default definePlugin({
  name: 'trust',
  apply({ hooks }) {
    hooks.commands.tap('trust', ({ add }) => {
      add({
        name: 'trust',
        tolerant: true,
        summary: "Trust a project's config",
        group: 'Plugins',
        load: async () => (await import('./trust.ts')).trust,
      })
      add({
        name: 'untrust',
        tolerant: true,
        summary: "Stop trusting a project's config",
        group: 'Plugins',
        load: async () => (await import('./untrust.ts')).untrust,
      })
    })
  },
})
