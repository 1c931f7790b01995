import { definePlugin } from 'ainative-code'
import anthropic from './anthropic.ts'
import azure from './azure.ts'
import bedrock from './bedrock.ts'
import gemini from './gemini.ts'
import meta from './meta.ts'
import ollama from './ollama.ts'
import openai from './openai.ts'

/** The commands about providers. */
const providers = definePlugin({
  name: 'providers',
  requires: ['models'],
  configPath: 'llm',
  blockSchema: async (host) => (await import('./block.ts')).llmSchema(host),
  apply({ hooks }) {
    hooks.commands.tap('providers', ({ add }) => {
      add({
        name: 'models',
        summary: "List the models that a provider's API offers",
        group: 'Chat',
        load: async () => (await import('./commands/models.ts')).models,
      })
      add({
        name: 'provider list',
        summary: 'Show how each provider is set up',
        group: 'Chat',
        load: async () => (await import('./commands/list.ts')).list,
      })
      add({
        name: 'provider setup',
        summary: 'Set up a provider: its key, a test call, the default',
        group: 'Chat',
        load: async () => (await import('./commands/setup.ts')).setup,
      })
      add({
        name: 'provider test',
        summary: 'Make the smallest call to a provider',
        group: 'Chat',
        load: async () => (await import('./commands/test.ts')).test,
      })
    })
  },
})

/** The providers that are shipped, each a plugin like a user's own. */
export default [anthropic, openai, azure, bedrock, gemini, ollama, meta, providers]
