import type { Kysely } from 'kysely'
import type { Owned, Schema } from './schema.ts'
import { transaction } from './transaction.ts'

/** Removes what a staged import wrote, in short transactions. */
export async function sweep(db: Kysely<Schema>, import_: number): Promise<void> {
  for (;;) {
    const left = await transaction(db, async (trx) => {
      const some = trx.selectFrom('sessions').select('pk').where('staged', '=', import_).limit(200)
      await trx.deleteFrom('messages').where('session', 'in', some).execute()
      const gone = await trx.deleteFrom('sessions').where('pk', 'in', some).executeTakeFirst()
      if (gone.numDeletedRows === 0n) await trx.deleteFrom('imports').where('pk', '=', import_).execute()
      return gone.numDeletedRows > 0n
    })
    if (!left) return
  }
}

const SILENT_MS = 3_600_000

const hostName = () => process.getBuiltinModule('node:os').hostname()

/** What tells others that this process is at work. */
export const ownBeat = (): Owned => ({ pid: process.pid, host: hostName(), beat_at: Date.now() })

const isDead = ({ pid, host, beat_at }: Owned) => Date.now() - beat_at > SILENT_MS || (host === hostName() && !isAlive(pid))

/** Sweeps the imports whose process died, and makes one text of each reply that it was writing. */
export async function sweepDead(db: Kysely<Schema>, fold: (message: number) => Promise<void>): Promise<void> {
  for (const each of await db.selectFrom('imports').selectAll().execute()) if (isDead(each)) await sweep(db, each.pk)
  for (const each of await db.selectFrom('replies').selectAll().execute()) if (isDead(each)) await fold(each.message)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
