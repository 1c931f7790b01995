import { type Context, Problem } from 'ainative-code'
import { type Access, accessTo } from '../sqlite/index.ts'
import { type Server, serverClient } from '../zerodb/index.ts'

/** Connects to the server, checks the rights of the user, and runs `work`. */
export async function withServer<T>(context: Context, work: (server: Server) => Promise<T>): Promise<T> {
  const { withConnection, readServer, reporter } = await serverClient()
  return withConnection(context, async (server) => {
    const { warning } = await readServer(server)
    if (warning) reporter(context).warn(warning)
    return work(server)
  })
}

/** Returns the database of the sessions. Throws a Problem if another plugin provides the store. */
export async function requireAccess({ host }: Context): Promise<Access> {
  const access = await accessTo(host)
  if (!access) throw new Problem('no-store', 'sharing needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
  return access
}

/** Syncs one session: fetches what other devices changed, or sends what this device changed. */
export async function syncOne(context: Context, server: Server, id: string, direction: 'pull' | 'push'): Promise<void> {
  const access = await requireAccess(context)
  const { withSyncLock, reporter, sync } = await serverClient()
  const options = { push: direction === 'push', pull: direction === 'pull', force: false, only: [id], ...reporter(context) }
  await withSyncLock(access, context, () => sync(access, server, options))
}
