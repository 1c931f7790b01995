import { type Context, Problem } from 'ainative-code'
import { type Access, withProcessLock } from '../../sqlite/index.ts'
import { connect, type Server } from '../server/connect.ts'

/** How long a sync waits for another one on this machine, in milliseconds. */
const WAIT_MS = 60_000

/** Runs work while no other sync of this database runs. Throws a Problem if another one takes too long. */
export async function locked<T>(access: Access, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const result = await withProcessLock(`${access.connection.name}.sync`, { wait: WAIT_MS, signal }, async () => ({ value: await work() }))
  if (!result)
    throw new Problem('sync-running', `another sync of this database has been running for ${WAIT_MS / 1000} s`, {
      hint: 'ainative-code zerodb status shows what is pending',
    })
  return result.value
}

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
