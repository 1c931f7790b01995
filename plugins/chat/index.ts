import { type ChatChunk, type ChatRequest, definePlugin, type Host, type Provider } from 'ainative-code'

/** Talking to models. */
export default definePlugin({
  name: 'chat',
  requires: ['formats'],
  configPath: 'llm.default_provider',
  apply({ hooks }) {
    hooks.commands.tap('chat', ({ add }) =>
      add({
        name: 'chat',
        summary: 'Talk to a model; without a message, in a conversation',
        group: 'Chat',
        load: async () => (await import('./chat.ts')).chat,
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
