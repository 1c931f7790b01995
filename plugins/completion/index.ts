import { definePlugin } from 'ainative-code'

/** Completion in bash, zsh and fish. */
export default definePlugin({
  name: 'completion',
  apply({ hooks }) {
    hooks.commands.tap('completion', ({ add }) => {
      add({
        name: 'completion',
        tolerant: true,
        summary: 'Print or install a script that completes in bash, zsh or fish',
        group: 'Shell',
        load: async () => (await import('./completion.ts')).completion,
      })
      add({
        name: 'complete',
        tolerant: true,
        summary: 'Answer what such a script asks',
        hidden: true,
        load: async () => (await import('./complete.ts')).complete,
      })
    })
  },
})
