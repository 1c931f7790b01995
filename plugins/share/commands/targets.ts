import { type Context, findId, Problem, SESSION_ID } from 'ainative-code'
import type { Server } from '../../zerodb/index.ts'
import { redactedCopies } from '../copies.ts'
import { SHARED_ID } from '../shared-id.ts'
import { type Share, sharesOf, sharesWithPrefix } from '../shares.ts'

/** Finds the shares of the user for an id: a shared id, or the id of a session with shares of it or of its redacted copies. */
export async function findShares(word: string, server: Server, context: Context): Promise<Share[]> {
  if (SHARED_ID.test(word)) return findShare(word, server)
  // A full id may belong to a session in the trash, or to a session that is not on this device.
  const id = SESSION_ID.test(word) ? word : await findId(context, word)
  return sharesOf(server, [id, ...(await redactedCopies(context.host, server, id))])
}

async function findShare(word: string, server: Server): Promise<Share[]> {
  const shares = await sharesWithPrefix(server, word)
  if (shares.length > 1) throw new Problem('ambiguous', `the id ${word} is ambiguous`, { hint: 'use more characters of the id' })
  return shares
}
