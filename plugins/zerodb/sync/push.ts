import { sql } from 'kysely'
import type { Access, Connection } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { ask } from './ask.ts'
import { bodyOf, localOf } from './local.ts'
import type { SentRegister } from './rows.ts'

/** The number of rows of one push. */
const BATCH = 2000
/** The number of characters after which a push ends early. */
const BATCH_CHARS = 8_000_000

/** What one push sends. */
interface Batch {
  sessions: { id: string; registers: Record<string, SentRegister> }[]
  messages: { session: string; id: string; place: string; stamp: string; body: string | null }[]
}

/** The counts of what was sent. */
export interface Sent {
  sessions: number
  messages: number
}

/** The condition of a session that is chosen: one of the ids in the JSON list `?1`, or any without a list. */
const SELECTED = '(?1 is null or session in (select value from json_each(?1)))'

/** Collects what the server lacks: registers first, so that no message comes before its session. */
function collect(connection: Connection, only: string | null): Batch {
  const sessions = collectSessions(connection, only)
  return { sessions, messages: sessions.length > 0 ? [] : collectMessages(connection, only) }
}

function collectSessions(connection: Connection, only: string | null): Batch['sessions'] {
  const rows = connection
    .prepare(
      `select session, key, value, stamp from sync_registers where sent is not stamp and session in
       (select distinct session from sync_registers where sent is not stamp and ${SELECTED} limit ${BATCH})`,
    )
    .all({ 1: only }) as { session: string; key: string; value: string | null; stamp: string }[]
  const sessions = new Map<string, Record<string, SentRegister>>()
  for (const { session, key, value, stamp } of rows) {
    const registers = sessions.get(session) ?? Object.create(null)
    registers[key] = { v: value, h: stamp }
    sessions.set(session, registers)
  }
  return [...sessions].map(([id, registers]) => ({ id, registers }))
}

/** Collects messages, in the order of their places. Replies that are still being written wait. */
function collectMessages(connection: Connection, only: string | null): Batch['messages'] {
  const local = localOf(connection)
  const rows = connection
    .prepare(
      `select session, key, message, place, stamp from sync_messages where sent is not stamp
       and ${SELECTED} and (message is null or message not in (select message from replies)) limit ${BATCH}`,
    )
    .iterate({ 1: only }) as Iterable<{ session: string; key: string; message: number | null; place: string; stamp: string }>
  const messages: Batch['messages'] = []
  let chars = 0
  for (const { session, key, message, place, stamp } of rows) {
    const row = message === null ? undefined : local.message(message)
    const body = row ? bodyOf(row) : null
    messages.push({ session, id: key, place, stamp, body })
    chars += body?.length ?? 0
    if (chars > BATCH_CHARS) break
  }
  return messages
}

/** Sends what the server lacks of all sessions, or only of some, batch by batch. A batch whose answer was lost is sent again, which changes nothing. */
export async function push(access: Access, server: Server, only: string[] | undefined, onBatch: (sent: Sent) => void): Promise<Sent> {
  const total: Sent = { sessions: 0, messages: 0 }
  for (;;) {
    const batch = collect(access.connection, only ? JSON.stringify(only) : null)
    if (batch.sessions.length + batch.messages.length === 0) return total
    const [revs] = await ask(
      server,
      sql<{ before: number; after: number }>`
      select before, after from zerodb.push(${JSON.stringify(batch.sessions)}::jsonb, ${JSON.stringify(batch.messages)}::jsonb)`,
    )
    await access.write(async () => acknowledge(access.connection, batch, revs))
    total.sessions += batch.sessions.length
    total.messages += batch.messages.length
    onBatch(total)
  }
}

/** Notes what the server has. What changed since the batch was collected has a newer stamp, and is sent by the next one. */
function acknowledge(connection: Connection, { sessions, messages }: Batch, revs: { before: number; after: number } | undefined): void {
  const local = localOf(connection)
  for (const { id, registers } of sessions) for (const [key, { h }] of Object.entries(registers)) local.setRegisterSent(h, id, key)
  for (const { session, id, stamp } of messages) local.setMessageSent(stamp, session, id)
  // The own changes need not be read again if no other device pushed before them.
  if (revs && revs.before === Number(local.state('cursor') ?? 0)) local.setState('cursor', String(revs.after))
}
