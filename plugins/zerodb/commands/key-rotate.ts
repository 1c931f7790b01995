import { type Context, defineCommand, messageOf, Problem } from 'ainative-code'
import * as z from 'zod'
import { type Access, accessTo } from '../../sqlite/index.ts'
import { replaceKey } from '../encryption/key-store.ts'
import { deriveMaster } from '../encryption/master.ts'
import { startRotation } from '../encryption/rotate.ts'
import { isUnfinished } from '../encryption/turn-on.ts'
import { codecOf } from '../encryption/unlock.ts'
import { newWords } from '../encryption/words.ts'
import type { Server } from '../server/connect.ts'
import { withSyncLock } from '../sync/lock.ts'
import { reporter, withConnection } from '../sync/run.ts'
import { sync } from '../sync/sync.ts'
import { requireKey, wordsText } from './key-words.ts'

/** The command `zerodb key rotate`. */
export const keyRotate = defineCommand({
  name: 'zerodb key rotate',
  summary: 'Replace the 24 words, and encrypt the keys of all sessions again',
  group: 'Sync',
  writes: true,
  input: z.object({}),
  fields: ['words', 'finished'],
  examples: ['ainative-code zerodb key rotate'],
  async run(_, context) {
    const { host, signal, note } = context
    const access = await accessTo(host)
    if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
    await requireKey(host)
    const result = await withConnection(context, (server) => withSyncLock(access, { signal }, () => rotate(access, server, context)))
    note('Write these 24 words down: the old ones no longer open the account.')
    note('On your other devices: ainative-code zerodb key enter')
    return result
  },
  print: ({ words }) => wordsText(words),
})

/** Replaces the words. Before the server knows the new words, both are stored, so that no interruption loses either. */
async function rotate(access: Access, server: Server, context: Context): Promise<{ words: string[]; finished: boolean }> {
  const run = () => sync(access, server, { push: true, pull: true, force: false, ...reporter(context) })
  await run()
  const codec = await codecOf(server)
  if (!codec)
    throw new Problem('key', 'the account is not encrypted, so there is nothing to rotate', {
      hint: 'ainative-code config set services.zerodb.encryption true, then ainative-code session sync',
    })
  if (isUnfinished(codec))
    throw new Problem('key', 'the encryption of the account is not finished yet', { hint: 'ainative-code session sync continues it' })
  const { secret, place } = await requireKey(context.host)
  const words = secret.next ?? newWords()
  await replaceKey(context.host, { words: secret.words, next: words }, place)
  if (!(await startRotation(server, codec, deriveMaster(words))))
    throw new Problem('key', 'another device changed the key of the account at the same time', {
      hint: 'ainative-code zerodb key enter reads the new words, which the other device printed',
    })
  try {
    await run()
  } catch (error) {
    context.note(`warning: ${messageOf(error)}; the next session sync finishes the rotation`)
  }
  return { words, finished: !isUnfinished((await codecOf(server)) ?? codec) }
}
