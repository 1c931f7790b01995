import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Reads the largest seq of a session's messages; 0 if the session has none. */
export async function lastSeq(db: Kysely<Schema>, session: number): Promise<number> {
  const last = db.selectFrom('messages').select('seq').where('session', '=', session).orderBy('seq', 'desc').limit(1)
  return (await last.executeTakeFirst())?.seq ?? 0
}
