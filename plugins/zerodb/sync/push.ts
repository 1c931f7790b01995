import { sql } from 'kysely'
import { type Access, type Connection, fromMessageValues, MESSAGE_COLUMNS, type MessageValues, yieldToEvents } from '../../sqlite/index.ts'
import type { Codec } from '../encryption/codec.ts'
import { sealBatch } from '../encryption/seal-batch.ts'
import { addKeys } from '../encryption/session-keys.ts'
import { codecOf } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { ask, awaitedLater } from './ask.ts'
import { bodyOf, localOf } from './local.ts'
import { completeBody } from './raw.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import type { Batch, SentMessage, SentRegister } from './rows.ts'

/** The number of rows of one push. */
const BATCH = 1000
/** The number of characters after which a push ends early. */
const BATCH_CHARS = 2_000_000

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

/** What to note of a batch once the server has it. */
interface Sending extends Pick<Batch, 'sessions'> {
  messages: Pick<SentMessage, 'session' | 'id' | 'stamp'>[]
}

/** A batch as JSON. */
type BatchJson = Record<keyof Batch, string>

const jsonOf = ({ sessions, messages }: Batch): BatchJson => ({ sessions: JSON.stringify(sessions), messages: JSON.stringify(messages) })

/** What to send next. */
interface Choice {
  /** The ids of the sessions as a JSON list; null for all. */
  only: string | null
  /** The ids of the sessions that the server refused, as a JSON list. */
  refused: string
  /** The session and the key of the last message of the batch that is under way. */
  session: string
  key: string
}

/** The condition of a session to send. Of a local-only session, nothing is sent but its end. */
const CHOSEN =
  '(@only is null or session in (select value from json_each(@only))) and session not in (select value from json_each(@refused))'
const HELD = 'session in (select id from sessions where local_only is not null and staged is null)'
const ENDS = `key in ('${PURGED}', '${WITHDRAWN}')`
const REGISTERS = `sent is not stamp and (${ENDS} or not ${HELD})`

/** Collects what the server lacks: registers first, so that no message comes before its session. Empty if nothing is left. */
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

/** The state of a message that the server lacks, what this program does not understand of it, and the stamp of its session's withdrawal. */
type Unsent = [
  ...[pk: number | null, session: string, key: string, place: string, stamp: string, hash: string | null],
  ...[needs: number | null, raw: string | null, rawHash: string | null, floor: string | null],
]

/** Reads messages that the server lacks: their rows of the store, each followed by an `Unsent`. */
const UNSENT = `
select ${MESSAGE_COLUMNS.map((name) => `t.${name}`).join(', ')}, t.pk, m.session, m.key, m.place, m.stamp, m.hash, r.needs, r.body, r.hash,
  (select stamp from sync_registers where session = m.session and key = '${WITHDRAWN}')
from (select * from sync_messages where sent is not stamp and (session, key) > (@session, @key) and not ${HELD} and ${CHOSEN}
  and (message is null or message not in (select message from replies)) order by session, key limit ${BATCH}) m
left join messages t on t.pk = m.message left join sync_raw r on r.kind = 'm' and r.session = m.session and r.key = m.key`

/** Collects messages. Replies that are still being written wait. */
function collectMessages(connection: Connection, choice: Choice): SentMessage[] {
  const rows = connection.prepare(UNSENT).raw().iterate(choice) as Iterable<[...MessageValues, ...Unsent]>
  const messages: SentMessage[] = []
  let chars = 0
  for (const row of rows) {
    const [pk, session, id, place, stamp, hash, needs, raw, rawHash, floor] = row.slice(MESSAGE_COLUMNS.length) as Unsent
    const own = pk === null ? null : bodyOf(fromMessageValues(row as unknown as MessageValues))
    const body = needs === null ? own : completeBody(own, hash, { needs, body: raw, hash: rawHash })
    messages.push({ session, id, place, stamp, body, floor: floor ?? undefined, needs: needs ?? undefined })
    chars += body?.length ?? 0
    if (chars > BATCH_CHARS) break
  }
  return messages
}

/**
 * Sends what the server lacks of all sessions, or only of some, batch by batch. While the server works on a batch of messages, the next one
 * is prepared. A batch whose answer was lost is sent again, which changes nothing. Returns undefined if another device has changed the key
 * of the account: the account has to be read again first.
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
  const list = only ? JSON.stringify(only) : null
  const next = async (after?: Sending['messages'][number]) => {
    // The batch that is under way leaves first.
    await yieldToEvents()
    const place = { session: after?.session ?? '', key: after?.id ?? '' }
    return prepareBatch(access, codec, { only: list, refused: JSON.stringify([...refused]), ...place })
  }
  for (let batch = await next(); batch; ) {
    const sending = awaitedLater(sendJson(server, batch.json, codec?.check))
    const last = batch.messages.at(-1)
    const following = last && (await next(last))
    const answer = await sending
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
    batch = following ?? (await next())
  }
  return { ...total, refused: refused.size }
}

/** Collects and encrypts a batch; undefined if nothing is left. Its texts are in memory once, since two batches are prepared at a time. */
async function prepareBatch(
  access: Access,
  codec: Codec | undefined,
  choice: Choice,
): Promise<(Sending & { json: BatchJson }) | undefined> {
  for (;;) {
    const batch = collect(access.connection, choice)
    if (batch.sessions.length + batch.messages.length === 0) return undefined
    const sealed = codec ? sealBatch(localOf(access.connection), codec, batch) : batch
    if (!Array.isArray(sealed)) {
      const messages = batch.messages.map(({ session, id, stamp }) => ({ session, id, stamp }))
      return { sessions: batch.sessions, messages, json: jsonOf(sealed) }
    }
    await access.write(async () => addKeys(localOf(access.connection), sealed, codec?.master.key.id ?? ''))
  }
}

/** Sends a batch for an account with this `key_check`. Changes nothing, and returns null for the revisions, if the account has another one. */
export const sendBatch = (server: Server, batch: Batch, check: string | undefined) => sendJson(server, jsonOf(batch), check)

async function sendJson(server: Server, { sessions, messages }: BatchJson, check: string | undefined): Promise<Answer> {
  const [answer] = await ask(
    server,
    sql<Answer>`select before, after, refused from zerodb.push(
      ${sessions}::jsonb, ${messages}::jsonb, ${check ?? null}::text)`,
  )
  return answer ?? { before: null, after: null, refused: null }
}

/** Notes what the server has. What changed since the batch was collected has a newer stamp, and is sent by the next one. */
function acknowledge(connection: Connection, { sessions, messages }: Sending, revs: Answer): void {
  const local = localOf(connection)
  for (const { id, registers } of sessions) for (const [key, { h }] of Object.entries(registers)) local.setRegisterSent(h, id, key)
  for (const { session, id, stamp } of messages) local.setMessageSent(stamp, session, id)
  // The own changes need not be read again if no other device pushed before them.
  if (revs.before === Number(local.state('cursor') ?? 0)) local.setState('cursor', String(revs.after))
}
