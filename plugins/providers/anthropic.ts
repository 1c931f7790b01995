import { defineProvider } from './define.ts'

export default defineProvider({
  name: 'anthropic',
  page: 'https://platform.claude.com/settings/keys',
  keys: ['ANTHROPIC_API_KEY'],
  baseUrl: {
    variables: ['ANTHROPIC_BASE_URL'],
    default: 'https://api.anthropic.com/v1',
    // Anthropic's own programs take it without.
    complete: (url) => (url.endsWith('/v1') ? url : `${url}/v1`),
  },
  model: 'claude-sonnet-5-5',
  load: () => import('./api/anthropic.ts'),
})
