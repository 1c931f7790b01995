import type { Context } from 'ainative-code'
import { connect, type Server } from '../server/connect.ts'

/** Connects to the server, runs `work`, and closes the connection. */
export async function withConnection<T>({ host, signal, note, progress }: Context, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await connect(host, { signal, note })
  try {
    return await work(server)
  } finally {
    progress('')
    await server.close()
  }
}

/** Returns the callbacks with which a sync reports to a command. A repeated warning is shown once. */
export function reporter({ signal, progress, note }: Context) {
  const warnings = new Set<string>()
  const warn = (text: string) => {
    if (!warnings.has(text)) note(`warning: ${text}`)
    warnings.add(text)
  }
  return { signal, progress, warn }
}
