import { codeOf, messageOf } from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import { BUSY_MS } from './open.ts'
import type { Schema } from './schema.ts'

/** Runs work in one write transaction, taken at once so that it cannot fail half way for another writer. */
export function transaction<T>(db: Kysely<Schema>, work: (trx: Kysely<Schema>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (trx) => {
    await begin(trx)
    try {
      const result = await work(trx)
      await sql`commit`.execute(trx)
      return result
    } catch (error) {
      await sql`rollback`.execute(trx).catch((failed) => {
        // A full disk rolls back by itself.
        if (!/no transaction is active/.test(messageOf(failed))) throw failed
      })
      throw error
    }
  })
}

/** Takes the lock of writers. Another's is waited for without holding up what else goes on here, as SQLite's own waiting would. */
async function begin(trx: Kysely<Schema>): Promise<void> {
  await sql`pragma busy_timeout = 0`.execute(trx)
  try {
    for (const until = Date.now() + BUSY_MS; ; ) {
      try {
        await sql`begin immediate`.execute(trx)
        return
      } catch (error) {
        if (!codeOf(error)?.startsWith('SQLITE_BUSY') || Date.now() > until) throw error
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
      }
    }
  } finally {
    await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(trx)
  }
}
