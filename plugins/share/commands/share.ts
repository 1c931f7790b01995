import { type Context, collect, defineCommand, findId, flag, isLocalOnly, Problem, type Session } from 'ainative-code'
import * as z from 'zod'
import { type Server, serverClient } from '../../zerodb/index.ts'
import { redactedCopies } from '../copies.ts'
import { checkTeam, sealKeys } from '../keys.ts'
import { lifetimeFlag } from '../lifetime.ts'
import { previewOf } from '../preview.ts'
import { saveRedactedCopy } from '../redacted-copy.ts'
import type { RedactedSession } from '../secrets/redact.ts'
import { createShare, requireTeam, sharesOf } from '../shares.ts'
import { requireAccess, syncOne, withServer } from '../with-server.ts'

const Input = z.object({
  id: z.string().meta({ complete: 'id' }),
  team: z.string().describe('Team whose members may read the session').meta({ value: 'name' }),
  expires: lifetimeFlag().optional().meta({ description: 'Lifetime of the share, such as 30d (default: unlimited)', value: 'time' }),
  redact: flag('Share a copy in which secrets are replaced'),
  force: flag('Do not ask for confirmation').meta({ alias: 'f' }),
})
type Input = z.output<typeof Input>

/** The result of a share. */
interface ShareResult {
  /** The shared id; null if the user did not confirm. */
  id: string | null
  /** The session that the team reads: with --redact, the redacted copy. */
  session: string
  team: string
  expires_at: string | null
}

/** The command `session share`. */
export const share = defineCommand({
  name: 'session share',
  summary: 'Share a session with a team',
  group: 'Sync',
  argvAliases: ['sessions share'],
  writes: true,
  fields: ['id', 'session', 'team', 'expires_at'],
  args: ['id'],
  input: Input,
  examples: [
    'ainative-code session share abc123def456 --team engineering',
    'ainative-code session share last --team ops --expires 30d --redact',
  ],
  async run(input, context): Promise<ShareResult> {
    const { checkedName } = await serverClient()
    const team = checkedName('team', input.team)
    const id = await findId(context, input.id)
    await requireAccess(context)
    await requireShareable(context, id)
    return withServer(context, async (server) => {
      await requireTeam(server, team)
      await syncOne(context, server, id, 'pull')
      const session = input.redact ? await redactedSession(server, id, input, context) : await wholeSession(server, id, input, context)
      if (session === undefined) {
        context.note('canceled: nothing was shared')
        return { id: null, session: id, team, expires_at: null }
      }
      await syncOne(context, server, session, 'push')
      await checkTeam(context, server, team)
      const { expires_at, ...made } = await createShare(server, session, team, input.expires ?? null)
      await sealKeys(context, server, { id: made.id, session, team })
      context.note(`shared with ${team} ${expires_at === null ? 'without a time limit' : `until ${expires_at}`}`)
      return { id: made.id, session, team, expires_at }
    })
  },
  print: ({ id }) => (id === null ? '' : `${id}\n`),
})

/** Reads a session. Throws a Problem if it stays on this device. */
async function requireShareable({ host }: Context, id: string): Promise<Session> {
  const store = await host.store()
  const session = await store.get(id)
  if (!session) throw new Problem('no-session', `the session ${id} no longer exists`)
  if (isLocalOnly(session.metadata))
    throw new Problem('local-only', `${id} stays on this device (sync: local-only), so it cannot be shared`, {
      hint: `ainative-code session meta ${id} --unset sync`,
    })
  return session
}

/** Throws a Problem for a session that was purged and is here again, by an import for example: the server never takes it again. */
async function refusePurged(context: Context, id: string): Promise<void> {
  const { localOf, PURGED } = await serverClient()
  if (!localOf((await requireAccess(context)).connection).register(id, PURGED)) return
  throw new Problem('local-only', `${id} was purged before, so it stays on this device and cannot be shared`, {
    hint: `ainative-code session fork ${id}`,
  })
}

/** Asks for confirmation before the first share of a session. Returns the id of the session; undefined if the user did not confirm. */
async function wholeSession(server: Server, id: string, input: Input, context: Context): Promise<string | undefined> {
  await refusePurged(context, id)
  if ((await sharesOf(server, [id])).length > 0) return id
  return (await confirm(await scan(context, id), input, context)) ? id : undefined
}

/** Asks for confirmation, and writes the redacted copy. Returns the id of the copy; undefined if the user did not confirm. */
async function redactedSession(server: Server, id: string, input: Input, context: Context): Promise<string | undefined> {
  const { team } = input
  if ((await sharesOf(server, [id])).some((each) => each.team === team))
    throw new Problem('exists', `${id} is shared with ${team} already, with its secrets`, {
      hint: `ainative-code session unshare ${id} --team ${team}`,
    })
  const redacted = await scan(context, id)
  const copies = await redactedCopies(context.host, server, id)
  const shares = await sharesOf(server, copies)
  if (shares.length === 0 && !(await confirm(redacted, input, context))) return undefined
  const copy = (shares.find((each) => each.team === team) ?? shares[0])?.session ?? copies[0]
  // Another device may have created or changed the copy.
  if (copy !== undefined) await syncOne(context, server, copy, 'pull')
  return saveRedactedCopy(context, redacted, copy)
}

async function scan(context: Context, id: string): Promise<RedactedSession> {
  const { redact } = await import('../secrets/redact.ts')
  const session = await requireShareable(context, id)
  const messages = await collect((await context.host.store()).messages(session))
  return redact(session, messages, context.signal)
}

/** Shows what the team would see, and asks for confirmation. */
async function confirm(redacted: RedactedSession, { team, redact, force }: Input, context: Context): Promise<boolean> {
  context.progress('')
  for (const line of previewOf(redacted, team, redact)) context.note(line)
  return force || context.ask(`Share it with ${team}?`, '--force')
}
