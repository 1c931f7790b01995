import { type Change, isTapped, type NewMessage, type NewSession, Problem } from 'ainative-code'
import type { Kysely } from 'kysely'
import type { AsyncSeriesHook } from 'tapable'
import type { Write } from './access.ts'
import type { Connection } from './connection.ts'
import { freeSpace, sizeOf, withReservedSpace } from './disk-space.ts'
import { MESSAGE_COLUMNS, messageValues, toSessionRow } from './rows.ts'
import { type Schema, storeText } from './schema.ts'

/** The limits of one transaction, in sessions and bytes: large enough to be fast, small enough that other writers hardly wait. */
const BATCH_SESSIONS = 500
const BATCH_BYTES = 1_500_000
/** The fraction of the free space that one transaction may use. */
const SHARE = 1 / 20

type Staged = { session: NewSession; messages: NewMessage[] }

/** Collects sessions in memory and writes them in one transaction when the batch is full. */
export function startBatch(write: Write, connection: Connection, import_: number, writing: AsyncSeriesHook<[Change, Kysely<Schema>]>) {
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
