import { type Context, messageOf, oneLine } from 'ainative-code'
import { type Server, serverClient } from '../zerodb/index.ts'
import type { Share } from './shares.ts'
import { requireAccess, syncOne } from './with-server.ts'

/**
 * Checks the public keys of the members of a team before the keys of an encrypted session are sealed for them. Names the members without a
 * public key in a note. Throws a Problem if a public key has changed.
 */
export async function checkTeam(context: Context, server: Server, team: string): Promise<void> {
  const { PUBLISH_KEY, checkMembers, codecOf, readMembers } = await serverClient()
  if (!(await codecOf(server))) return
  const access = await requireAccess(context)
  const { keyless, refused } = await checkMembers(access, server, await readMembers(server, team), (text) => context.note(text))
  if (refused[0]) throw refused[0]
  if (keyless.length === 0) return
  const names = keyless.map(oneLine).join(', ')
  context.note(`warning: no valid public key on the server, so these members cannot read the session yet: ${names}`)
  context.note(`  they run: ${PUBLISH_KEY}`)
  context.note('  then you run: ainative-code session sync')
}

/** Seals the keys of an encrypted session for the team of a new share. */
export async function sealKeys(context: Context, server: Server, grant: Pick<Share, 'id' | 'session' | 'team'>): Promise<void> {
  const { codecOf, sealShares, reporter, withSyncLock } = await serverClient()
  const codec = await codecOf(server)
  if (!codec) return
  const access = await requireAccess(context)
  const options = { only: [grant.session], grant, ...reporter(context) }
  await withSyncLock(access, context, () => sealShares(access, server, codec, options))
  // Sealing may have added a new key to the session.
  await syncOne(context, server, grant.session, 'push')
}

/**
 * Adds a new key to each session whose share ended, and sends the key. Does nothing without encryption. A failure is only a warning,
 * because the share has ended already.
 */
export async function renewKeys(context: Context, server: Server, ended: readonly Share[]): Promise<void> {
  const { codecOf } = await serverClient()
  const codec = await codecOf(server)
  if (!codec) return
  for (const id of new Set(ended.map(({ session }) => session))) {
    const ids = ended.flatMap((share) => (share.session === id ? [share.id] : []))
    try {
      await renewKey(context, server, id, codec.master.key.id, ids)
    } catch (error) {
      context.signal.throwIfAborted()
      context.note(`warning: the new key of ${id} is not on the server yet: ${messageOf(error)}`)
    }
  }
}

async function renewKey(context: Context, server: Server, id: string, master: string, ended: string[]): Promise<void> {
  const { addKeys, isLive, localOf } = await serverClient()
  const access = await requireAccess(context)
  const local = localOf(access.connection)
  if (!isLive(local.registers(id))) await syncOne(context, server, id, 'pull')
  if (!isLive(local.registers(id))) return
  await access.write(async () => addKeys(local, [id], master, ended))
  await syncOne(context, server, id, 'push')
}
