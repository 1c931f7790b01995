import type { Kysely } from 'kysely'
import type { Write } from './access.ts'
import type { Connection } from './connection.ts'
import { isFull } from './database-problem.ts'
import { shrinkDatabase, truncateWal } from './disk-space.ts'
import type { Schema } from './schema.ts'

/** Sessions removed per transaction. */
const BATCH = 200

/** Removes the rows that an import staged, in short transactions, and returns their space to the disk. */
export async function removeStaged(write: Write, connection: Connection, import_: number, wait?: number): Promise<void> {
  let size = BATCH
  truncateWal(connection)
  try {
    while (size > 0) {
      try {
        if (!(await write((trx) => removeSome(trx, import_, size), wait))) break
      } catch (error) {
        if (size === 1 || !isFull(error, connection.name)) throw error
        // Secure deletion writes every removed page to the -wal file, and the full disk has no space for this.
        connection.pragma('secure_delete = fast')
        size = 1
      }
      if (size === 1) truncateWal(connection)
    }
  } finally {
    connection.pragma('secure_delete = on')
    shrinkDatabase(connection)
  }
}

/** Removes up to `limit` sessions; true if more may remain. */
async function removeSome(trx: Kysely<Schema>, import_: number, limit: number): Promise<boolean> {
  const some = trx.selectFrom('sessions').select('pk').where('staged', '=', import_).limit(limit)
  await trx.deleteFrom('messages').where('session', 'in', some).execute()
  const { numDeletedRows } = await trx.deleteFrom('sessions').where('pk', 'in', some).executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) await trx.deleteFrom('imports').where('pk', '=', import_).execute()
  return numDeletedRows > 0n
}
