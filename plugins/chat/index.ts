import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Chat: questions to models, conversations, and templates. */
export default definePlugin({
  name: 'chat',
  requires: ['formats', 'models'],
  apply({ hooks }) {
    hooks.commands.tap('chat', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    hooks.completers.tap('chat', ({ add }) =>
      add({
        name: 'template',
        values: async ({ env }) => (await import('./template/files.ts')).templateNames(env).map((value) => ({ value })),
      }),
    )
  },
})
