import { definePlugin } from 'ainative-code'
import anthropic from './anthropic.ts'
import azure from './azure.ts'
import bedrock from './bedrock.ts'
import gemini from './gemini.ts'
import meta from './meta.ts'
import ollama from './ollama.ts'
import openai from './openai.ts'

/** The commands for providers and their models. */
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
        summary: 'List the providers and their settings',
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
        summary: 'Test a provider with the smallest request',
        group: 'Chat',
        load: async () => (await import('./commands/test.ts')).test,
      })
    })
  },
})

/** The shipped providers, each one a plugin, and their commands. */
export default [anthropic, openai, azure, bedrock, gemini, ollama, meta, providers]
