import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { requireKey } from './key-words.ts'

/** The command `zerodb key fingerprint`. */
export const keyFingerprint = defineCommand({
  name: 'zerodb key fingerprint',
  summary: 'Show the fingerprint of your public key, for comparison by others',
  group: 'Sync',
  writes: false,
  input: z.object({}),
  fields: ['fingerprint', 'public_key'],
  examples: ['ainative-code zerodb key fingerprint'],
  async run(_, { host }) {
    const { secret } = await requireKey(host)
    const [{ fingerprintOf, publicKeyOf }, { deriveMaster }] = await Promise.all([
      import('../encryption/identity.ts'),
      import('../encryption/master.ts'),
    ])
    const publicKey = publicKeyOf(deriveMaster(secret.words))
    return { fingerprint: fingerprintOf(publicKey), public_key: publicKey }
  },
  print: ({ fingerprint }) => `${fingerprint}\n`,
})
