import type { Expr, Host } from 'ainative-code'
import type { Kysely } from 'kysely'
import type { Connection } from './open.ts'
import type { Schema } from './schema.ts'

/** The database itself, for a plugin that keeps tables of its own in it. */
export interface Access {
  connection: Connection
  /** Runs work in one write transaction. */
  write: Write
  /** Does work with errors of the database told for people. */
  guarded<T>(work: () => Promise<T>): Promise<T>
  /** The sessions of a condition as `select pk from sessions where …`, which ends with its conditions. */
  sessions(where: Expr): { sql: string; parameters: readonly unknown[] }
}

const kept = new WeakMap<Host, Access>()

/** Remembers the database that a host's store reads and writes now. */
export const keepAccess = (host: Host, access: Access) => void kept.set(host, access)

/** The database of a host's store; undefined where another plugin provides the store. */
export async function accessTo(host: Host): Promise<Access | undefined> {
  await host.store()
  return kept.get(host)
}

/** Runs work in one write transaction; `wait` is how long it waits for another writer, in milliseconds. */
export type Write = <T>(work: (trx: Kysely<Schema>) => Promise<T>, wait?: number) => Promise<T>
