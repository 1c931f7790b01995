import type { Sql } from 'sql-template-tag'
import type { Connection } from './connection.ts'

/** The last write transaction of a connection, if there was one, as a promise that resolves at the end of the transaction. */
export interface Busy {
  last?: Promise<unknown>
}

/** Runs a query and returns its rows. */
export type Query = <Row>(sql: Sql) => Promise<Row[]>

/** Creates the queries of a connection. Each query waits for the last write transaction, because otherwise it would see changes before their commit. */
export const createQuery =
  (connection: Connection, busy: Busy): Query =>
  async <Row>({ sql, values }: Sql) => {
    await busy.last
    return connection.prepare(sql).all(...values) as Row[]
  }
