import { defineProvider, withVersion } from './define.ts'

/** The provider gemini. */
export default defineProvider({
  name: 'gemini',
  page: 'https://aistudio.google.com/apikey',
  aliases: ['google'],
  keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  baseUrl: {
    variables: ['GEMINI_BASE_URL'],
    default: 'https://generativelanguage.googleapis.com/v1beta',
    complete: withVersion('/v1beta'),
  },
  model: 'gemini-flash-latest',
  load: () => import('./api/gemini.ts'),
})
