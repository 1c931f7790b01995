import { defineProvider } from './define.ts'

/** OLLAMA_HOST may be a host, a port or both. */
function ollamaHost(given: string): string {
  if (given.includes('://')) return given
  const host = given.startsWith(':') ? `127.0.0.1${given}` : given
  return `http://${host}${/:\d+$/.test(host) ? '' : ':11434'}`
}

export default defineProvider({
  name: 'ollama',
  keyless: true,
  baseUrl: { variables: ['OLLAMA_HOST'], default: 'http://127.0.0.1:11434', read: ollamaHost },
  fields: { keep_alive: [], num_ctx: [] },
  load: () => import('./api/ollama.ts'),
})
