import { definePlugin } from 'ainative-code'

const NAMES: { name: string; aliases?: string[] }[] = [
  { name: 'anthropic' },
  { name: 'openai' },
  { name: 'azure' },
  { name: 'bedrock' },
  { name: 'gemini', aliases: ['google'] },
  { name: 'ollama' },
  { name: 'meta', aliases: ['meta_llama'] },
]

/** The names of the providers that sessions may be created for. */
export default definePlugin({
  name: 'providers',
  // Each provider reads its own part of the block.
  configPath: 'llm',
  apply({ hooks }) {
    hooks.providers.tap('providers', ({ add }) => NAMES.forEach(add))
  },
})
