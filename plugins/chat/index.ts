import { type ChatChunk, type ChatRequest, definePlugin, type Host, type Provider } from 'ainative-code'

const TEMPLATES = [
  { name: 'template list', summary: 'List the templates for chats', key: 'list' },
  { name: 'template show', summary: 'Show a template', key: 'show' },
  { name: 'template new', summary: 'Create a template, and open it in $EDITOR', key: 'create' },
  { name: 'template edit', summary: 'Change a template in $EDITOR', key: 'edit' },
] as const

/** Talking to models. */
export default definePlugin({
  name: 'chat',
  requires: ['formats'],
  configPath: 'llm.default_provider',
  apply({ hooks }) {
    hooks.commands.tap('chat', ({ add }) => {
      add({
        name: 'chat',
        summary: 'Talk to a model; without a message, in a conversation',
        group: 'Chat',
        textHint: 'to ask a model',
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

/** The provider of that name, and the model that a chat with it asks. */
export const targetOf = async (host: Host, wishes: { provider: string; model?: string }, signal: AbortSignal) => {
  const { ready, targetOf } = await import('./chat.ts')
  return ready(await targetOf(host, wishes, undefined, signal))
}

/** What went wrong with a provider, as a Problem. */
export const providerProblem = async (error: unknown, name: string) => (await import('./chat.ts')).failureOf(error, name).problem

/** Asks a provider as a chat does, and stores nothing. */
export async function* askProvider(
  provider: Provider,
  request: ChatRequest,
  signal: AbortSignal,
  note: (text: string) => void,
): AsyncIterable<ChatChunk> {
  yield* (await import('./chat.ts')).attempt(provider, request, signal, note)
}
