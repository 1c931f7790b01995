import { type Change, type ImportMode, type ImportResult, isTapped, type Parent, Problem } from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import type { AsyncSeriesHook } from 'tapable'
import { mergeMessages } from './merge-messages.ts'
import type { Schema } from './schema.ts'

/** Makes the staged sessions visible. The mode also applies to sessions that another process added during the import. */
export async function publishImport(trx: Kysely<Schema>, import_: number, mode: ImportMode): Promise<ImportResult> {
  const result: ImportResult = { added: 0, merged: 0, skipped: 0, messages: 0 }
  for (const { pk, id, target, isStaged } of await conflicts(trx, import_)) {
    if (mode === 'refuse')
      throw new Problem('exists', `there is already a session ${id}: another process added it during this import; nothing was imported`, {
        hint: '--new-id imports a copy, --skip-existing skips the session, --merge adds its new messages',
      })
    const moved = mode === 'merge' ? await mergeMessages(trx, pk, target) : 0
    // The messages of a staged target are counted below.
    if (!isStaged) result.messages += moved
    await trx.deleteFrom('sessions').where('pk', '=', pk).execute()
    result[mode === 'merge' ? 'merged' : 'skipped']++
  }
  const counts = await trx
    .selectFrom('sessions')
    .select([sql<number>`count(*)`.as('sessions'), sql<number>`coalesce(sum(message_count), 0)`.as('messages')])
    .where('staged', '=', import_)
    .executeTakeFirstOrThrow()
  result.added = counts.sessions
  result.messages += counts.messages
  await trx.updateTable('sessions').set({ staged: null }).where('staged', '=', import_).execute()
  await trx.deleteFrom('imports').where('pk', '=', import_).execute()
  return result
}

/** Stores the parent of a session that precedes its parent in the file. */
export async function linkParent(
  trx: Kysely<Schema>,
  { id, ...parent }: Parent,
  writing: AsyncSeriesHook<[Change, Kysely<Schema>]>,
): Promise<void> {
  await trx.updateTable('sessions').set(parent).where('id', '=', id).where('staged', 'is', null).execute()
  if (isTapped(writing)) await writing.promise({ id, set: parent }, trx)
}

/** A staged session, and the session with the same id that takes its place: visible, or staged earlier in the same import. */
type Conflict = { pk: number; id: string; target: number; isStaged: 0 | 1 }

/** Finds the staged sessions whose id is already in use, or occurs earlier in the same import. */
async function conflicts(trx: Kysely<Schema>, import_: number): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    select s.pk, s.id, l.pk as target, 0 as isStaged from sessions s join sessions l on l.id = s.id and l.staged is null where s.staged = ${import_}
    union all
    select s.pk, s.id, f.pk as target, 1 as isStaged from sessions s
      join (select min(pk) as pk, id from sessions where staged = ${import_} group by id having count(*) > 1) f on f.id = s.id and s.pk > f.pk
      where s.staged = ${import_} and not exists (select 1 from sessions l where l.id = s.id and l.staged is null)
    order by 1`.execute(trx)
  return rows
}
