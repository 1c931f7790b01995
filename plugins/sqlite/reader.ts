import type { Store } from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import { totalsReader } from './aggregate.ts'
import type { Connection } from './connection.ts'
import { valuesOf } from './field-values.ts'
import { listSessions } from './list-sessions.ts'
import { messageReader, saidReader } from './message-reader.ts'
import { toSql } from './plan.ts'
import { fromSessionRow } from './rows.ts'
import { readText, type Schema } from './schema.ts'
import { syncMessageReader } from './sync-message-reader.ts'

/** A store that implements every optional method. */
export type SqliteStore = Required<Store>

/** Creates the methods of the store that read. */
export function createReader(
  db: Kysely<Schema>,
  connection: Connection,
  file: string,
): Omit<SqliteStore, 'save' | 'grow' | 'import' | 'close'> {
  const visible = () => db.selectFrom('sessions').where('staged', 'is', null)
  return {
    location: file,
    async idsWithPrefix(prefix, trashed, limit) {
      const within = visible()
        .select(['id', 'title'])
        .where('deleted_at', trashed ? 'is not' : 'is', null)
      const rows = await within.where('id', '>=', prefix).where('id', '<', `${prefix}{`).orderBy('id').limit(limit).execute()
      return rows.map(({ id, title }) => ({ id, title: readText(title) }))
    },
    values: valuesOf(connection),
    allIds: async () => (await visible().select('id').execute()).map(({ id }) => id),
    async get(id) {
      const row = await visible().selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromSessionRow(row)
    },
    async count(where) {
      const query = visible().select(sql<number>`count(*)`.as('count'))
      return (await (where ? query.where((eb) => toSql(eb, where)) : query).executeTakeFirstOrThrow()).count
    },
    aggregate: totalsReader(db),
    revision: async () => connection.pragma('data_version', { simple: true }) as number,
    list: (plan) => listSessions(db, plan, file),
    messages: messageReader(db, connection, file),
    readMessages: syncMessageReader(connection, file),
    said: saidReader(connection),
  }
}
