import { codeOf } from 'ainative-code'
import type { RawBuilder } from 'kysely'
import type { Server } from '../server/connect.ts'
import { withProblems } from '../server/transaction.ts'

/** The maximum number of attempts after conflicts with other transactions. */
const ATTEMPTS = 5
/** The SQLSTATEs of a serialization failure and of a deadlock. The statement had no effect. */
const CONFLICTS = ['40001', '40P01']

/** Marks a promise that is awaited later: a failure until then is no unhandled rejection. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** Runs a statement on the server. Retries after a conflict with another transaction. Errors become Problems. */
export function ask<T>(server: Server, statement: RawBuilder<T>): Promise<T[]> {
  return withProblems(server, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { rows } = await statement.execute(server.db)
        // Takes the rows out of the result: old results would keep them in memory until the next full garbage collection.
        return rows.splice(0)
      } catch (error) {
        if (attempt === ATTEMPTS || !CONFLICTS.includes(codeOf(error) ?? '')) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * attempt))
      }
    }
  })
}
