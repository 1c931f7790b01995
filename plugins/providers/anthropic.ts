import { defineProvider } from './define.ts'

/** The provider anthropic. */
export default defineProvider({
  name: 'anthropic',
  page: 'https://platform.claude.com/settings/keys',
  keys: ['ANTHROPIC_API_KEY'],
  baseUrl: {
    variables: ['ANTHROPIC_BASE_URL'],
    default: 'https://api.anthropic.com/v1',
    // Anthropic's own programs expect the variable without the version.
    complete: (url) => (url.endsWith('/v1') ? url : `${url}/v1`),
  },
  model: 'claude-sonnet-5-5',
  load: () => import('./api/anthropic.ts'),
})
