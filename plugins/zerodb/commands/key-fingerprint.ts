import { type Context, defineCommand, flag, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { accessTo } from '../../sqlite/index.ts'
import type { Pin } from '../encryption/pins.ts'
import { requireKey } from './key-words.ts'

interface Fingerprint {
  fingerprint: string
  public_key: string
  /** For another person: whether this device has seen the key before. Null for the own key. */
  state: Pin | null
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
    accept: flag('Trust the key that the server has for this person from now on'),
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
  const [{ connected }, { accountOf }, { fingerprintOf }, { pin, pinOf }] = await Promise.all([
    import('../sync/run.ts'),
    import('../server/endpoint.ts'),
    import('../encryption/identity.ts'),
    import('../encryption/pins.ts'),
  ])
  const { account, person } = await connected(context, async (server) => ({
    account: accountOf(server),
    person: await server.db.selectFrom('zerodb.person').select('public_key').where('name', '=', name).executeTakeFirst(),
  }))
  if (!person)
    throw new Problem('no-user', `${name} has no public key on the server`, { hint: `${name} turns encryption on and syncs once` })
  const { public_key } = person
  if (accept) await pin(access, account, name, public_key)
  return { fingerprint: fingerprintOf(public_key), public_key, state: pinOf(access, account, name, public_key) }
}
