import type { Store } from 'ainative-code'
import type { Selectable } from 'kysely'
import sql, { empty } from 'sql-template-tag'
import type { Connection } from './connection.ts'
import { valuesOf } from './field-values.ts'
import { listSessions } from './list-sessions.ts'
import { messageReader, modelMessagesReader } from './message-reader.ts'
import { toSql } from './plan.ts'
import type { Query } from './query.ts'
import { fromSessionRow } from './rows.ts'
import { readText, type SessionRow } from './schema.ts'
import { syncMessageReader } from './sync-message-reader.ts'

/** A store that implements every optional method. */
export type SqliteStore = Required<Store>

/** Creates the methods of the store that read, except `aggregate`. */
export function createReader(
  query: Query,
  connection: Connection,
  file: string,
): Omit<SqliteStore, 'save' | 'grow' | 'import' | 'close' | 'aggregate'> {
  return {
    location: file,
    async idsWithPrefix(prefix, trashed, limit) {
      const rows = await query<Pick<Selectable<SessionRow>, 'id' | 'title'>>(
        sql`select id, title from sessions where staged is null and ${toSql({ trashed })}
          and id >= ${prefix} and id < ${`${prefix}{`} order by id limit ${limit}`,
      )
      return rows.map(({ id, title }) => ({ id, title: readText(title) }))
    },
    values: valuesOf(connection),
    allIds: async () => (await query<{ id: string }>(sql`select id from sessions where staged is null`)).map(({ id }) => id),
    async get(id) {
      const [row] = await query<Selectable<SessionRow>>(sql`select * from sessions where staged is null and id = ${id}`)
      return row && fromSessionRow(row)
    },
    async count(where) {
      const and = where ? sql` and ${toSql(where)}` : empty
      const [row] = await query<{ count: number }>(sql`select count(*) as count from sessions where staged is null${and}`)
      return row?.count ?? 0
    },
    revision: async () => connection.pragma('data_version', { simple: true }) as number,
    list: (plan) => listSessions(query, plan, file),
    messages: messageReader(connection, file),
    readMessages: syncMessageReader(connection, file),
    modelMessages: modelMessagesReader(connection),
  }
}
