import type { Kysely } from 'kysely'
import type { Write } from './access.ts'
import type { Connection } from './open.ts'
import { isFull } from './problem.ts'
import { emptyLog, giveBack } from './room.ts'
import type { Owned, Schema } from './schema.ts'

const AT_ONCE = 200

/** Removes the rows that an import staged, in short transactions, and gives their space back. */
export async function sweep(write: Write, connection: Connection, import_: number, wait?: number): Promise<void> {
  let size = AT_ONCE
  emptyLog(connection)
  try {
    while (size > 0) {
      try {
        if (!(await write((trx) => removeSome(trx, import_, size), wait))) break
      } catch (error) {
        if (size === 1 || !isFull(error, connection.name)) throw error
        // Overwriting what is removed needs room in the -wal file for all of it.
        connection.pragma('secure_delete = fast')
        size = 1
      }
      if (size === 1) emptyLog(connection)
    }
  } finally {
    connection.pragma('secure_delete = on')
    giveBack(connection)
  }
}

/** Tells whether there may be more. */
async function removeSome(trx: Kysely<Schema>, import_: number, limit: number): Promise<boolean> {
  const some = trx.selectFrom('sessions').select('pk').where('staged', '=', import_).limit(limit)
  await trx.deleteFrom('messages').where('session', 'in', some).execute()
  const gone = await trx.deleteFrom('sessions').where('pk', 'in', some).executeTakeFirst()
  if (gone.numDeletedRows === 0n) await trx.deleteFrom('imports').where('pk', '=', import_).execute()
  return gone.numDeletedRows > 0n
}

const SILENT_MS = 3_600_000

const hostName = () => process.getBuiltinModule('node:os').hostname()

/** The sign of life that this process leaves for others. */
export const ownBeat = (): Owned => ({ pid: process.pid, host: hostName(), beat_at: Date.now() })

const isDead = ({ pid, host, beat_at }: Owned) => Date.now() - beat_at > SILENT_MS || (host === hostName() && !isAlive(pid))

/** The imports and the replies under way whose process died. */
export async function findDead(db: Kysely<Schema>): Promise<{ imports: number[]; replies: number[] }> {
  const imports = (await db.selectFrom('imports').selectAll().execute()).filter(isDead)
  const replies = (await db.selectFrom('replies').selectAll().execute()).filter(isDead)
  return { imports: imports.map(({ pk }) => pk), replies: replies.map(({ message }) => message) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
