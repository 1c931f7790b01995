import {
  type Change,
  type Import,
  type ImportMode,
  type ImportResult,
  isTapped,
  type NewMessage,
  type NewSession,
  type Parent,
  Problem,
} from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import type { AsyncSeriesHook } from 'tapable'
import type { Write } from './access.ts'
import type { Connection } from './connection.ts'
import { freeSpace, sizeOf, withReservedSpace } from './disk-space.ts'
import { heartbeat } from './heartbeat.ts'
import { lacksSome, mergeMessages } from './merge-messages.ts'
import { removeStaged } from './remove-staged.ts'
import { MESSAGE_COLUMNS, messageValues, toSessionRow } from './rows.ts'
import { type Schema, storeText } from './schema.ts'

/** The limits of one transaction, in sessions and bytes: large enough to be fast, small enough that other writers hardly wait. */
const BATCH_SESSIONS = 500
const BATCH_BYTES = 1_500_000
/** The fraction of the free space that one transaction may use. */
const SHARE = 1 / 20

type Staged = { session: NewSession; messages: NewMessage[] }

/** Starts an import. Sessions are written in short transactions and stay invisible to readers until the commit. */
export async function startImport(
  db: Kysely<Schema>,
  write: Write,
  connection: Connection,
  mode: ImportMode,
  writing: AsyncSeriesHook<[Change, Kysely<Schema>]>,
): Promise<Import> {
  const { pk } = await write((trx) => trx.insertInto('imports').values(heartbeat()).returning('pk').executeTakeFirstOrThrow())
  const batch = startBatch(write, connection, pk, writing)
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
        write(async (trx) => {
          const published = await publish(trx, pk, mode)
          for (const parent of parents) await link(trx, parent, writing)
          return published
        }),
      )
      return { ...result, merged: result.merged + unchanged.merged, skipped: result.skipped + unchanged.skipped }
    },
    abort: () => removeStaged(write, connection, pk),
  }
}

/** Collects sessions in memory and writes them in one transaction when the batch is full. */
function startBatch(write: Write, connection: Connection, import_: number, writing: AsyncSeriesHook<[Change, Kysely<Schema>]>) {
  const insert = prepareInserts(connection)
  const limit = Math.min(BATCH_BYTES, freeSpace(connection) * SHARE)
  let batch: Staged[] = []
  let size = 0
  const flush = async () => {
    const [staged, bytes] = [batch, size]
    batch = []
    size = 0
    await withReservedSpace(connection, bytes, () => insertAll(staged))
  }
  const insertAll = (staged: Staged[]) =>
    write(async (trx) => {
      for (const { session, messages } of staged) {
        insert(import_, session, messages)
        if (isTapped(writing)) await writing.promise({ id: session.id, create: session, append: messages }, trx)
      }
      const beat = await trx.updateTable('imports').set({ beat_at: Date.now() }).where('pk', '=', import_).executeTakeFirst()
      if (beat.numUpdatedRows === 0n)
        throw new Problem('import-expired', 'another process removed this import, because its process seemed to be dead', {
          hint: 'run the import again',
        })
    })
  const add = async (staged: Staged) => {
    batch.push(staged)
    size += sizeOf(staged.messages)
    if (batch.length >= BATCH_SESSIONS || size >= limit) await flush()
  }
  return { add, flush }
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

/** Prepares the inserts once: building a query for each of a million rows would take most of the time. */
function prepareInserts(connection: Connection) {
  const marks = (count: number) => Array(count).fill('?').join(', ')
  const tag = connection.prepare('insert or ignore into session_tags (tag, created_at, session) values (?, ?, ?)')
  const message = connection.prepare(`insert into messages (${MESSAGE_COLUMNS.join(', ')}) values (${marks(MESSAGE_COLUMNS.length)})`)
  const columns = [
    'staged',
    'message_count',
    'id',
    'title',
    'title_key',
    'status',
    'provider',
    'model',
    'project',
    'pinned',
    'local_only',
    'tags',
    'metadata',
    'origin',
    'extra',
    'parent_id',
    'forked_message_id',
    'created_at',
    'updated_at',
    'activated_at',
    'deleted_at',
  ] as const
  const row = connection.prepare(`insert into sessions (${columns.join(', ')}) values (${marks(columns.length)})`)
  return (staged: number, session: NewSession, messages: NewMessage[]) => {
    const values = { ...toSessionRow(session), staged, message_count: messages.length }
    const { lastInsertRowid } = row.run(columns.map((name) => values[name]))
    for (const each of session.tags) tag.run(storeText(each), values.created_at, lastInsertRowid)
    for (const [i, each] of messages.entries()) message.run(messageValues(lastInsertRowid, i + 1, each))
  }
}

/** Makes the staged sessions visible. The mode also applies to sessions that another process added during the import. */
async function publish(trx: Kysely<Schema>, import_: number, mode: ImportMode): Promise<ImportResult> {
  const result: ImportResult = { added: 0, merged: 0, skipped: 0, messages: 0 }
  for (const { pk, id, target } of await conflicts(trx, import_)) {
    if (mode === 'refuse')
      throw new Problem('exists', `there is already a session ${id}: another process added it during this import; nothing was imported`, {
        hint: '--new-id imports a copy, --skip-existing skips the session, --merge adds its new messages',
      })
    if (mode === 'merge') result.messages += await mergeMessages(trx, pk, target)
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

async function link(trx: Kysely<Schema>, { id, ...parent }: Parent, writing: AsyncSeriesHook<[Change, Kysely<Schema>]>): Promise<void> {
  await trx.updateTable('sessions').set(parent).where('id', '=', id).where('staged', 'is', null).execute()
  if (isTapped(writing)) await writing.promise({ id, set: parent }, trx)
}

/** Finds the staged sessions whose id is already in use, or occurs earlier in the same import. */
async function conflicts(trx: Kysely<Schema>, import_: number): Promise<{ pk: number; id: string; target: number }[]> {
  const { rows } = await sql<{ pk: number; id: string; target: number }>`
    select s.pk, s.id, l.pk as target from sessions s join sessions l on l.id = s.id and l.staged is null where s.staged = ${import_}
    union all
    select s.pk, s.id, f.pk as target from sessions s
      join (select min(pk) as pk, id from sessions where staged = ${import_} group by id having count(*) > 1) f on f.id = s.id and s.pk > f.pk
      where s.staged = ${import_} and not exists (select 1 from sessions l where l.id = s.id and l.staged is null)
    order by 1`.execute(trx)
  return rows
}
