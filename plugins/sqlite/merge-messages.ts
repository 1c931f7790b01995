import type { NewMessage } from 'ainative-code'
import { type Kysely, sql } from 'kysely'
import { lastSeq } from './last-seq.ts'
import { type Schema, type StoredText, storeText } from './schema.ts'

type Row = { id: StoredText; role: string; content: StoredText; created_at: number }

const text = (stored: StoredText) => (typeof stored === 'string' ? `t${stored}` : `b${stored.toString('base64')}`)
const keyOf = (row: Row) => [row.role, row.created_at, text(row.content)].join('\0')

const rowsOf = (db: Kysely<Schema>, session: number) =>
  db.selectFrom('messages').select(['pk', 'id', 'role', 'content', 'created_at']).where('session', '=', session).orderBy('seq').execute()

/** Creates a function that is true for a message equal to one of `rows`: by id, or by role, time and content. Each row matches only one message. */
function matcher(rows: Row[]): (row: Row) => boolean {
  const ids = new Set(rows.map((row) => text(row.id)))
  const keys = new Map<string, number>()
  for (const row of rows) keys.set(keyOf(row), (keys.get(keyOf(row)) ?? 0) + 1)
  return (row) => {
    const same = keys.get(keyOf(row)) ?? 0
    if (same > 0) keys.set(keyOf(row), same - 1)
    return same > 0 || ids.has(text(row.id))
  }
}

/** True if a session lacks at least one of these messages. */
export async function lacksSome(db: Kysely<Schema>, session: number, messages: NewMessage[]): Promise<boolean> {
  const isPresent = matcher(await rowsOf(db, session))
  const rows = messages.map(({ id, role, content, timestamp }) => ({
    id: storeText(id),
    role,
    content: storeText(content),
    created_at: Date.parse(timestamp),
  }))
  return !rows.every(isPresent)
}

/** Moves the messages that the target session lacks to its end; returns their count. */
export async function mergeMessages(trx: Kysely<Schema>, from: number, target: number): Promise<number> {
  const present = await rowsOf(trx, target)
  const isPresent = matcher(present)
  let seq = await lastSeq(trx, target)
  let moved = 0
  for (const row of await rowsOf(trx, from)) {
    if (isPresent(row)) continue
    await trx.updateTable('messages').set({ session: target, seq: ++seq }).where('pk', '=', row.pk).execute()
    moved++
  }
  if (moved > 0) {
    const newer = trx.selectFrom('sessions').select('updated_at').where('pk', '=', from)
    await trx
      .updateTable('sessions')
      .set({ message_count: present.length + moved, updated_at: sql<number>`max(updated_at, ${newer})` })
      .where('pk', '=', target)
      .execute()
  }
  return moved
}
