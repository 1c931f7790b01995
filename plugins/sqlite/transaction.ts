import { codeOf, messageOf } from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import type { Write } from './access.ts'
import { BUSY_MS, type Connection } from './connection.ts'
import { NOT_WRITTEN, UNCERTAIN } from './database-problem.ts'
import { nextStamp } from './database-stamp.ts'
import { createGiveWay } from './give-way.ts'
import type { sqliteHooks } from './hooks.ts'
import type { Identity } from './identity.ts'
import type { LastWrite } from './query.ts'
import type { Schema } from './schema.ts'

type Hooks = Pick<ReturnType<typeof sqliteHooks>, 'watching' | 'committing'>

/** Creates the function that runs every write transaction of a database, except those that append pieces to a reply. */
export function createWrite(
  db: Kysely<Schema>,
  connection: Connection,
  identity: Identity,
  { watching, committing }: Hooks,
  lastWrite: LastWrite,
): Write {
  const giveWay = createGiveWay()
  return async (work, wait = BUSY_MS) => {
    await giveWay.before()
    identity.check(NOT_WRITTEN)
    await watching.promise(connection)
    const complete = async (trx: Kysely<Schema>) => {
      const result = await work(trx)
      await committing.promise(connection)
      return result
    }
    const running = db
      .connection()
      .execute((trx) => transaction(trx, complete, wait))
      .finally(giveWay.after)
    lastWrite.end = running.catch(() => undefined)
    const result = await running
    identity.check(UNCERTAIN)
    return result
  }
}

/** Runs one transaction. The write lock is taken first, so that another writer cannot make the transaction fail in the middle. */
async function transaction<T>(trx: Kysely<Schema>, work: (trx: Kysely<Schema>) => Promise<T>, wait: number): Promise<T> {
  await begin(trx, wait)
  try {
    await stamp(trx)
    const result = await work(trx)
    await sql`commit`.execute(trx)
    return result
  } catch (error) {
    await sql`rollback`.execute(trx).catch((failed) => {
      // On a full disk, SQLite has already rolled the transaction back.
      if (!/no transaction is active/.test(messageOf(failed))) throw failed
    })
    throw error
  }
}

async function stamp(trx: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(trx)
  await sql`pragma user_version = ${sql.lit(nextStamp(rows[0]?.user_version ?? 0))}`.execute(trx)
}

/** Takes the write lock. Waits with a timer, because SQLite's busy timeout would block the event loop. */
async function begin(trx: Kysely<Schema>, wait: number): Promise<void> {
  await sql`pragma busy_timeout = 0`.execute(trx)
  try {
    for (const until = Date.now() + wait; ; ) {
      try {
        await sql`begin immediate`.execute(trx)
        return
      } catch (error) {
        if (!codeOf(error)?.startsWith('SQLITE_BUSY')) throw error
        if (Date.now() >= until) throw Object.assign(error as Error, { waited: wait })
        // At most 25 ms: less than the pause of give-way.ts.
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
      }
    }
  } finally {
    await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(trx)
  }
}
