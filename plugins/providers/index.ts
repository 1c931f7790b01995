import { definePlugin } from 'ainative-code'
import anthropic from './anthropic.ts'
import azure from './azure.ts'
import bedrock from './bedrock.ts'
import * as commands from './command-index.ts'
import gemini from './gemini.ts'
import meta from './meta.ts'
import ollama from './ollama.ts'
import openai from './openai.ts'

export { createFetch, HttpFailure } from './fetch.ts'
export { isLocal } from './no-proxy.ts'

/** Imports the functions that store the keys of providers. */
export const storedKeys = () => import('./stored-key.ts')

/** The commands for providers and their models. */
const providers = definePlugin({
  name: 'providers',
  requires: ['models', 'keyring'],
  configPath: 'llm',
  blockSchema: async (host) => (await import('./block.ts')).llmSchema(host),
  apply({ hooks }) {
    hooks.commands.tap('providers', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})

/** The shipped providers, each one a plugin, and their commands. */
export default [anthropic, openai, azure, bedrock, gemini, ollama, meta, providers]
