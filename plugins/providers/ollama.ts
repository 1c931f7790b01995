import { defineProvider } from './define.ts'

/** OLLAMA_HOST may be a host, a port or both, and a path behind them. */
function ollamaHost(text: string): string {
  const given = text.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (given.includes('://')) return given
  const [, host = '', port = ':11434', path = ''] = /^(\[.*\]|[\da-f]*:[\da-f:]*:[\da-f:]*|[^:/]*)(:\d+)?(\/.*)?$/i.exec(given) ?? []
  if (!host && !given.startsWith(':')) return given
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host || '127.0.0.1'}${port}${path}`
}

export default defineProvider({
  name: 'ollama',
  page: 'https://ollama.com/download',
  questions: [{ key: 'base_url', text: 'Address; empty for http://127.0.0.1:11434' }],
  keyless: true,
  baseUrl: { variables: ['OLLAMA_HOST'], default: 'http://127.0.0.1:11434', read: ollamaHost },
  fields: { keep_alive: [], num_ctx: [] },
  load: () => import('./api/ollama.ts'),
})
