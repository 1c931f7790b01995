import { type Context, defineCommand, flag, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { accessTo } from '../../sqlite/index.ts'
import type { PinState } from '../encryption/pins.ts'
import { requireKey } from './key-words.ts'

interface Fingerprint {
  fingerprint: string
  public_key: string
  /** For another person: how the key compares with the key that this device trusts. Null for the key of the user. */
  state: PinState | null
}

/** The command `zerodb key fingerprint`. */
export const keyFingerprint = defineCommand({
  name: 'zerodb key fingerprint',
  summary: 'Show the fingerprint of your public key, or of the key of a person',
  group: 'Sync',
  writes: ({ accept }) => accept,
  args: ['name'],
  input: z.object({
    name: z.string().optional(),
    accept: flag('Trust the current public key of this person'),
  }),
  fields: ['fingerprint', 'public_key', 'state'],
  examples: ['ainative-code zerodb key fingerprint', 'ainative-code zerodb key fingerprint bob --accept'],
  async run({ name, accept }, context): Promise<Fingerprint> {
    if (name !== undefined) return fingerprintOfPerson(name, accept, context)
    if (accept) throw usage('--accept needs the name of a person', 'ainative-code zerodb key fingerprint NAME --accept')
    const { secret } = await requireKey(context.host)
    const [{ fingerprintOf, publicKeyOf }, { deriveMaster }] = await Promise.all([
      import('../encryption/identity.ts'),
      import('../encryption/master.ts'),
    ])
    const publicKey = publicKeyOf(deriveMaster(secret.words))
    return { fingerprint: fingerprintOf(publicKey), public_key: publicKey, state: null }
  },
  print: ({ fingerprint, state }) => `${fingerprint}${state === 'changed' ? '  (changed; this device trusts another key)' : ''}\n`,
})

async function fingerprintOfPerson(name: string, accept: boolean, context: Context): Promise<Fingerprint> {
  const access = await accessTo(context.host)
  if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
  const [{ withConnection }, { accountOf }, { fingerprintOf }, { pin, pinState }] = await Promise.all([
    import('../sync/run.ts'),
    import('../server/endpoint.ts'),
    import('../encryption/identity.ts'),
    import('../encryption/pins.ts'),
  ])
  const { account, person } = await withConnection(context, async (server) => ({
    account: accountOf(server),
    person: await server.db.selectFrom('zerodb.person').select('public_key').where('name', '=', name).executeTakeFirst(),
  }))
  if (!person)
    throw new Problem('no-user', `${name} has no public key on the server`, { hint: `${name} must turn encryption on and sync once` })
  const { public_key } = person
  if (accept) await pin(access, account, name, public_key)
  return { fingerprint: fingerprintOf(public_key), public_key, state: pinState(access, account, name, public_key) }
}
