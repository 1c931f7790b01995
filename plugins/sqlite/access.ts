import type { Expr, Host } from 'ainative-code'
import type { Kysely } from 'kysely'
import type { Connection } from './connection.ts'
import type { Schema } from './schema.ts'

/** Direct access to the database, for a plugin that has its own tables. */
export interface Access {
  connection: Connection
  /** Runs work in one write transaction. */
  write: Write
  /** Runs work; converts its database errors to Problems. */
  withProblems<T>(work: () => Promise<T>): Promise<T>
  /** Throws a Problem if the connection is a read-only copy in memory. */
  checkWritable(): void
  /** Compiles a condition to `select pk from sessions where …`; nothing follows the conditions, so a caller may append `and …`. */
  sessions(where: Expr): { sql: string; parameters: readonly unknown[] }
}

const accesses = new WeakMap<Host, Access>()

/** Sets the database that the store of a host uses. */
export const setAccess = (host: Host, access: Access) => void accesses.set(host, access)

/** Returns the database of a host's store; undefined if another plugin provides the store. */
export async function accessTo(host: Host): Promise<Access | undefined> {
  await host.store()
  return accesses.get(host)
}

/** Runs work in one write transaction; `wait` is the maximum time to wait for another writer, in milliseconds. */
export type Write = <T>(work: (trx: Kysely<Schema>) => Promise<T>, wait?: number) => Promise<T>
