import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'
import { transaction } from './write.ts'

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

/** Sweeps the imports whose process died. */
export async function sweepDead(db: Kysely<Schema>): Promise<void> {
  for (const each of await db.selectFrom('imports').selectAll().execute()) {
    const silent = Date.now() - each.beat_at > SILENT_MS
    if (silent || (each.host === process.getBuiltinModule('node:os').hostname() && !isAlive(each.pid))) await sweep(db, each.pk)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
