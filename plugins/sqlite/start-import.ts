import { type Change, type Import, type ImportMode, Problem } from 'ainative-code'
import type { Kysely } from 'kysely'
import type { AsyncSeriesHook } from 'tapable'
import type { Write } from './access.ts'
import type { Connection } from './connection.ts'
import { withReservedSpace } from './disk-space.ts'
import { heartbeat } from './heartbeat.ts'
import { startBatch } from './import-batch.ts'
import { lacksSome } from './merge-messages.ts'
import { linkParent, publishImport } from './publish-import.ts'
import { removeStaged } from './remove-staged.ts'
import type { Schema } from './schema.ts'

/**
 * The maximum wait of a running import for another writer, in milliseconds: longer than that of a command, because another import may
 * publish many sessions in one transaction, and a failure would lose the work of minutes.
 */
const WAIT_MS = 60_000

/** Starts an import. Sessions are written in short transactions and stay invisible to readers until the commit. */
export async function startImport(
  db: Kysely<Schema>,
  write: Write,
  connection: Connection,
  mode: ImportMode,
  writing: AsyncSeriesHook<[Change, Kysely<Schema>]>,
): Promise<Import> {
  const { pk } = await write((trx) => trx.insertInto('imports').values(heartbeat()).returning('pk').executeTakeFirstOrThrow())
  const writePatiently: Write = (work) => write(work, WAIT_MS)
  const batch = startBatch(writePatiently, connection, pk, writing)
  const find = prepareFindExisting(connection)
  const stagedIds = new Set<string>()
  /** Counts of sessions that exist already and need no change. */
  const unchanged = { merged: 0, skipped: 0 }
  return {
    async stage(session, messages) {
      const existing = find(session.id)
      if (mode === 'refuse') checkNew(session.id, existing, stagedIds)
      stagedIds.add(session.id)
      if (!existing) return batch.add({ session, messages })
      // The commit compares the messages again, because no other process can write during the commit.
      if (mode === 'merge' && (await lacksSome(db, existing.pk, messages))) return batch.add({ session, messages })
      unchanged[mode === 'merge' ? 'merged' : 'skipped']++
    },
    async commit(parents = []) {
      await batch.flush()
      const result = await withReservedSpace(connection, 0, () =>
        writePatiently(async (trx) => {
          const published = await publishImport(trx, pk, mode)
          for (const parent of parents) await linkParent(trx, parent, writing)
          return published
        }),
      )
      return { ...result, merged: result.merged + unchanged.merged, skipped: result.skipped + unchanged.skipped }
    },
    abort: () => removeStaged(write, connection, pk),
  }
}

type ExistingSession = { pk: number; deleted_at: number | null }

/** Prepares the lookup of a visible session by its id. */
function prepareFindExisting(connection: Connection): (id: string) => ExistingSession | undefined {
  const statement = connection.prepare('select pk, deleted_at from sessions where id = ? and staged is null')
  return (id) => statement.get(id) as ExistingSession | undefined
}

/** Throws a Problem if a session of this id is already in the import or in the database. */
function checkNew(id: string, existing: ExistingSession | undefined, stagedIds: Set<string>): void {
  if (stagedIds.has(id)) {
    throw new Problem('exists', `the session ${id} occurs twice in this import`, {
      hint: '--new-id assigns new ids, --skip-existing imports only the first',
    })
  }
  if (!existing) return
  if (existing.deleted_at !== null) {
    throw new Problem('exists', `the session ${id} is in the trash`, {
      hint: `ainative-code session restore ${id} brings it back; --new-id imports a copy`,
    })
  }
  throw new Problem('exists', `there is already a session ${id}`, {
    hint: '--new-id imports a copy, --skip-existing skips the session, --merge adds its new messages',
  })
}
