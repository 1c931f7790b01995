import { sql } from 'kysely'
import type { Access, Connection } from '../../sqlite/index.ts'
import { sealBatch } from '../encryption/seal-batch.ts'
import { addKeys } from '../encryption/session-keys.ts'
import { codecOf } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { ask } from './ask.ts'
import { bodyOf, localOf } from './local.ts'
import { completeBody } from './raw.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import type { Batch, SentMessage, SentRegister } from './rows.ts'
import type { MessageState } from './statements.ts'

/** The number of rows of one push. */
const BATCH = 2000
/** The number of characters after which a push ends early. */
const BATCH_CHARS = 8_000_000

/** The counts of what was sent. */
export interface Sent {
  sessions: number
  messages: number
  /** The number of sessions that another device made local-only, or changed since the last pull: they are sent after the next one. */
  refused: number
}

/** What the server did with a push: the revisions before and after it, and the ids of the sessions that it refused. */
interface Answer {
  before: number | null
  after: number | null
  refused: string[] | null
}

/** Which sessions to send, as JSON lists of ids: `only`, or all without a list, except those that the server refused. */
interface Choice {
  only: string | null
  refused: string
}

/** The condition of a session to send. Of a local-only session, nothing is sent but its end. */
const CHOSEN =
  '(@only is null or session in (select value from json_each(@only))) and session not in (select value from json_each(@refused))'
const HELD = 'session in (select id from sessions where local_only is not null and staged is null)'
const ENDS = `key in ('${PURGED}', '${WITHDRAWN}')`
const REGISTERS = `sent is not stamp and (${ENDS} or not ${HELD})`

/** Collects what the server lacks: registers first, so that no message comes before its session. */
function collect(connection: Connection, choice: Choice): Batch {
  const sessions = collectSessions(connection, choice)
  return { sessions, messages: sessions.length > 0 ? [] : collectMessages(connection, choice) }
}

function collectSessions(connection: Connection, choice: Choice): Batch['sessions'] {
  const rows = connection
    .prepare(
      `select session, key, value, stamp from sync_registers where ${REGISTERS} and session in
       (select distinct session from sync_registers where ${REGISTERS} and ${CHOSEN} limit ${BATCH})`,
    )
    .all(choice) as { session: string; key: string; value: string | null; stamp: string }[]
  const sessions = new Map<string, Record<string, SentRegister>>()
  for (const { session, key, value, stamp } of rows) {
    const registers = sessions.get(session) ?? Object.create(null)
    registers[key] = { v: value, h: stamp }
    sessions.set(session, registers)
  }
  const local = localOf(connection)
  const at = Number(local.state('cursor') ?? 0)
  return [...sessions].map(([id, registers]) => ({
    ...{ id, registers, floor: local.register(id, WITHDRAWN)?.stamp, needs: local.raw('s', id, '')?.needs },
    ...(registers[WITHDRAWN] && { at }),
  }))
}

/** Collects messages, in the order of their places. Replies that are still being written wait. */
function collectMessages(connection: Connection, choice: Choice): SentMessage[] {
  const local = localOf(connection)
  const rows = connection
    .prepare(
      `select session, key, message, place, stamp, hash from sync_messages where sent is not stamp
       and not ${HELD} and ${CHOSEN} and (message is null or message not in (select message from replies)) limit ${BATCH}`,
    )
    .iterate(choice) as Iterable<Omit<MessageState, 'sent'>>
  const messages: SentMessage[] = []
  let chars = 0
  for (const { session, key, message, place, stamp, hash } of rows) {
    const row = message === null ? undefined : local.message(message)
    const raw = local.raw('m', session, key)
    const body = completeBody(row ? bodyOf(row) : null, hash, raw)
    messages.push({ session, id: key, place, stamp, body, floor: local.register(session, WITHDRAWN)?.stamp, needs: raw?.needs })
    chars += body?.length ?? 0
    if (chars > BATCH_CHARS) break
  }
  return messages
}

/**
 * Sends what the server lacks of all sessions, or only of some, batch by batch. A batch whose answer was lost is sent again, which changes
 * nothing. Returns undefined if another device has changed the key of the account: the account has to be read again first.
 */
export async function push(
  access: Access,
  server: Server,
  only: string[] | undefined,
  onBatch: (sent: Sent) => void,
): Promise<Sent | undefined> {
  const total: Sent = { sessions: 0, messages: 0, refused: 0 }
  const refused = new Set<string>()
  const codec = await codecOf(server)
  for (;;) {
    const batch = collect(access.connection, { only: only ? JSON.stringify(only) : null, refused: JSON.stringify([...refused]) })
    if (batch.sessions.length + batch.messages.length === 0) return { ...total, refused: refused.size }
    const sealed = codec ? sealBatch(localOf(access.connection), codec, batch) : batch
    if (Array.isArray(sealed)) {
      await access.write(async () => addKeys(localOf(access.connection), sealed, codec?.master.key.id ?? ''))
      continue
    }
    const answer = await sendBatch(server, sealed, codec?.check)
    if (answer.after === null) return undefined
    for (const id of answer.refused ?? []) refused.add(id)
    const accepted = {
      sessions: batch.sessions.filter(({ id }) => !refused.has(id)),
      messages: batch.messages.filter(({ session }) => !refused.has(session)),
    }
    await access.write(async () => acknowledge(access.connection, accepted, answer))
    total.sessions += accepted.sessions.length
    total.messages += accepted.messages.length
    onBatch(total)
  }
}

/** Sends a batch for an account with this `key_check`. Changes nothing, and returns null for the revisions, if the account has another one. */
export async function sendBatch(server: Server, { sessions, messages }: Batch, check: string | undefined): Promise<Answer> {
  const [answer] = await ask(
    server,
    sql<Answer>`select before, after, refused from zerodb.push(
      ${JSON.stringify(sessions)}::jsonb, ${JSON.stringify(messages)}::jsonb, ${check ?? null}::text)`,
  )
  return answer ?? { before: null, after: null, refused: null }
}

/** Notes what the server has. What changed since the batch was collected has a newer stamp, and is sent by the next one. */
function acknowledge(connection: Connection, { sessions, messages }: Batch, revs: Answer): void {
  const local = localOf(connection)
  for (const { id, registers } of sessions) for (const [key, { h }] of Object.entries(registers)) local.setRegisterSent(h, id, key)
  for (const { session, id, stamp } of messages) local.setMessageSent(stamp, session, id)
  // The own changes need not be read again if no other device pushed before them.
  if (revs.before === Number(local.state('cursor') ?? 0)) local.setState('cursor', String(revs.after))
}
