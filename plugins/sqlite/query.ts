import type { Sql } from 'sql-template-tag'
import type { Connection } from './connection.ts'

/** The last write transaction of a connection, if there was one. */
export interface LastWrite {
  /** Resolves at the end of the transaction. */
  end?: Promise<unknown>
}

/** Runs a query and returns its rows. */
export type Query = <Row>(sql: Sql) => Promise<Row[]>

/** Creates the queries of a connection. Each query waits for the last write transaction, because otherwise it would see changes before their commit. */
export const createQuery =
  (connection: Connection, lastWrite: LastWrite): Query =>
  async <Row>({ sql, values }: Sql) => {
    await lastWrite.end
    return connection.prepare(sql).all(...values) as Row[]
  }
