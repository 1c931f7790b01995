import { definePlugin } from 'ainative-code'

const TEMPLATES = [
  { name: 'template list', summary: 'List the templates for chats', key: 'list' },
  { name: 'template show', summary: 'Show a template', key: 'show' },
  { name: 'template new', summary: 'Create a template, and open it in $EDITOR', key: 'create' },
  { name: 'template edit', summary: 'Change a template in $EDITOR', key: 'edit' },
] as const

/** Chat: questions to models, conversations, and templates. */
export default definePlugin({
  name: 'chat',
  requires: ['formats', 'models'],
  apply({ hooks }) {
    hooks.commands.tap('chat', ({ add }) => {
      add({
        name: 'chat',
        summary: 'Chat with a model; without a message, start a conversation',
        group: 'Chat',
        load: async () => (await import('./chat.ts')).chat,
      })
      for (const { name, summary, key } of TEMPLATES)
        add({ name, summary, group: 'Chat', load: async () => (await import('./template/commands.ts'))[key] })
    })
    hooks.completers.tap('chat', ({ add }) =>
      add({
        name: 'template',
        values: async ({ env }) => (await import('./template/files.ts')).templateNames(env).map((value) => ({ value })),
      }),
    )
  },
})
