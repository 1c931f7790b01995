import { definePlugin } from 'ainative-code'

/** Choosing sessions on the whole terminal. */
export default definePlugin({
  name: 'picker',
  requires: ['search', 'sessions', 'shell'],
  apply({ hooks }) {
    hooks.commands.tap('picker', ({ add }) =>
      add({
        name: 'session pick',
        summary: 'Choose sessions by title and content as you type',
        group: 'Sessions',
        key: { ctrl: 't', words: ['session', 'pick', '--print'] },
        argvAliases: ['sessions pick'],
        load: async () => (await import('./command.ts')).pick,
      }),
    )
  },
})
