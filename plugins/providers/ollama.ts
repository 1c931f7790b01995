import { defineProvider } from './define.ts'

/** The URL for OLLAMA_HOST, which may be a host, a port or both, followed by a path. */
function ollamaUrl(text: string): string {
  const address = text.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (address.includes('://')) return address
  const [, host = '', port = ':11434', path = ''] = /^(\[.*\]|[\da-f]*:[\da-f:]*:[\da-f:]*|[^:/]*)(:\d+)?(\/.*)?$/i.exec(address) ?? []
  if (!host && !address.startsWith(':')) return address
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host || '127.0.0.1'}${port}${path}`
}

/** The provider ollama. */
export default defineProvider({
  name: 'ollama',
  page: 'https://ollama.com/download',
  questions: [{ key: 'base_url', text: 'Address' }],
  keyless: true,
  baseUrl: { variables: ['OLLAMA_HOST'], default: 'http://127.0.0.1:11434', read: ollamaUrl },
  fields: { keep_alive: [], num_ctx: [] },
  load: () => import('./api/ollama.ts'),
})
