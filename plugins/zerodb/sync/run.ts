import type { Context } from 'ainative-code'
import { connect, type Server } from '../server/connect.ts'

/** Runs work on a connection to the server. */
export async function connected<T>({ host, signal, note, progress }: Context, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await connect(host, { signal, note })
  try {
    return await work(server)
  } finally {
    progress('')
    await server.close()
  }
}

/** How a sync shows what it does: each warning once. */
export function signs({ signal, progress, note }: Context) {
  const warnings = new Set<string>()
  const warn = (text: string) => {
    if (!warnings.has(text)) note(`warning: ${text}`)
    warnings.add(text)
  }
  return { signal, progress, warn }
}
