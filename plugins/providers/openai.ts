import { defineProvider, withVersion } from './define.ts'

/** The provider openai. */
export default defineProvider({
  name: 'openai',
  page: 'https://platform.openai.com/api-keys',
  keys: ['OPENAI_API_KEY'],
  baseUrl: { variables: ['OPENAI_BASE_URL'], default: 'https://api.openai.com/v1', complete: withVersion('/v1') },
  gateway: true,
  model: 'gpt-5.6',
  load: () => import('./api/openai.ts'),
})
