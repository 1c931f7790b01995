import { type Kysely, sql } from 'kysely'
import type { Schema, StoredText } from './schema.ts'

type Row = { pk: number; id: StoredText; role: string; content: StoredText; created_at: number }

const text = (stored: StoredText) => (typeof stored === 'string' ? `t${stored}` : `b${stored.toString('base64')}`)
const keyOf = (row: Row) => [row.role, row.created_at, text(row.content)].join('\0')

/** Moves the messages that the target lacks to its end; the same message is one of the same id, else of the same role, time and content. */
export async function mergeMessages(trx: Kysely<Schema>, from: number, target: number): Promise<number> {
  const rowsOf = (session: number) =>
    trx.selectFrom('messages').select(['pk', 'id', 'role', 'content', 'created_at']).where('session', '=', session).orderBy('seq').execute()
  const ids = new Set<string>()
  const keys = new Map<string, number>()
  const there = await rowsOf(target)
  for (const row of there) {
    ids.add(text(row.id))
    keys.set(keyOf(row), (keys.get(keyOf(row)) ?? 0) + 1)
  }
  let seq = await lastSeq(trx, target)
  let moved = 0
  for (const row of await rowsOf(from)) {
    const key = keyOf(row)
    const same = keys.get(key) ?? 0
    if (same > 0) keys.set(key, same - 1)
    if (same > 0 || ids.has(text(row.id))) continue
    await trx.updateTable('messages').set({ session: target, seq: ++seq }).where('pk', '=', row.pk).execute()
    moved++
  }
  if (moved > 0) {
    const newer = trx.selectFrom('sessions').select('updated_at').where('pk', '=', from)
    await trx
      .updateTable('sessions')
      .set({ message_count: there.length + moved, updated_at: sql<number>`max(updated_at, ${newer})` })
      .where('pk', '=', target)
      .execute()
  }
  return moved
}

async function lastSeq(trx: Kysely<Schema>, session: number): Promise<number> {
  const { seq } = await trx
    .selectFrom('messages')
    .select(sql<number>`coalesce(max(seq), 0)`.as('seq'))
    .where('session', '=', session)
    .executeTakeFirstOrThrow()
  return seq
}
