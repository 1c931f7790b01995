import { defineProvider, withVersion } from './define.ts'

/** The provider meta. */
export default defineProvider({
  name: 'meta',
  page: 'https://llama.developer.meta.com',
  aliases: ['meta_llama'],
  keys: ['LLAMA_API_KEY', 'META_LLAMA_API_KEY'],
  baseUrl: { variables: ['LLAMA_BASE_URL'], default: 'https://api.llama.com/compat/v1', complete: withVersion('/compat/v1') },
  model: 'Llama-4-Maverick-17B-128E-Instruct-FP8',
  load: () => import('./api/meta.ts'),
})
