import { type Context, findId, Problem, SESSION_ID } from 'ainative-code'
import type { Server } from '../../zerodb/index.ts'
import { redactedCopies } from '../copies.ts'
import { SHARED_ID } from '../shared-id.ts'
import { type Share, sharesOf, sharesWithPrefix } from '../shares.ts'

/** Finds the own shares that a word names: those of a session and of its redacted copies, or one by its shared id. */
export async function findShares(word: string, server: Server, context: Context): Promise<Share[]> {
  if (SHARED_ID.test(word)) return findShare(word, server)
  // A full id may be of a session in the trash, or of one that is not on this device.
  const id = SESSION_ID.test(word) ? word : await findId(context, word)
  return sharesOf(server, [id, ...(await redactedCopies(context.host, id)).map((copy) => copy.id)])
}

async function findShare(word: string, server: Server): Promise<Share[]> {
  const shares = await sharesWithPrefix(server, word)
  if (shares.length > 1) throw new Problem('ambiguous', `the id ${word} is ambiguous`, { hint: 'use more characters of the id' })
  return shares
}
