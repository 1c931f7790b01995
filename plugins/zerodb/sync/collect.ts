import { type Connection, fromMessageValues, MESSAGE_COLUMNS, type MessageValues } from '../../sqlite/index.ts'
import { bodyOf, hashOf, type Local, localOf } from './local.ts'
import { completeBody } from './raw.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import type { Batch, SentMessage, SentRegister } from './rows.ts'

/** The number of rows of one push. */
const BATCH = 1000
/** The number of characters after which a push ends early. */
const BATCH_CHARS = 2_000_000

/** What to send next. */
export interface Choice {
  /** The ids of the sessions as a JSON list; null for all. */
  only: string | null
  /** The ids of the sessions that the server refused, as a JSON list. */
  refused: string
  /** The last row of the batch that is under way: the id of a session, or the session and the key of a message. Empty for none. */
  session: string
  key: string
}

/** What to note of a message once the server has it: its stamp, and a hash of the message as it was read. */
export interface PushedMessage {
  session: string
  id: string
  stamp: string
  hash: string | null
}

/** What the server lacks, and what to note then. The hashes stay on this device, since they could reveal encrypted messages. */
export interface Collected extends Batch {
  pushed: PushedMessage[]
}

/** The condition of a session to send. */
const CHOSEN =
  '(@only is null or session in (select value from json_each(@only))) and session not in (select value from json_each(@refused))'
/** SQL that is true for an item of a local-only session. */
export const HELD = 'session in (select id from sessions where local_only is not null and staged is null)'
/**
 * Of a local-only session, nothing is sent but its end. If another device syncs its own copy again, not even the withdrawal is sent: this device
 * does not have the other registers, which a first encrypted push has to bring.
 */
const IS_AGAIN = 'exists (select 1 from sync_registers later where later.session = r.session and later.stamp > r.stamp)'
const ENDS = `key = '${PURGED}' or (key = '${WITHDRAWN}' and not ${IS_AGAIN})`
/** SQL that is true for a register `r` that may be sent. */
export const MAY_SEND = `(${ENDS} or not ${HELD})`
const REGISTERS = `sent is not stamp and ${MAY_SEND}`

/**
 * Collects what the server lacks: registers first, so that no message comes before its session. Empty if nothing is left. While registers are
 * under way, collects only those of the sessions that follow.
 */
export function collect(connection: Connection, choice: Choice): Collected {
  const isAfterSession = choice.session !== '' && choice.key === ''
  const sessions = collectSessions(connection, isAfterSession ? choice : { ...choice, session: '' })
  return { sessions, ...(sessions.length > 0 || isAfterSession ? NO_MESSAGES : collectMessages(connection, choice)) }
}

const NO_MESSAGES = { messages: [], pushed: [] }

function collectSessions(connection: Connection, choice: Choice): Batch['sessions'] {
  const rows = connection
    .prepare(
      `select session, key, value, stamp from sync_registers r where ${REGISTERS} and session in
       (select distinct session from sync_registers r where ${REGISTERS} and session > @session and ${CHOSEN} order by session limit ${BATCH})
       order by session`,
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

/** The state of a message that the server lacks. */
type Unsent = [pk: number | null, session: string, key: string, place: string, stamp: string, hash: string | null]

/** Reads messages that the server lacks: their rows of the store, each followed by an `Unsent`. */
const UNSENT = `
select ${MESSAGE_COLUMNS.map((name) => `t.${name}`).join(', ')}, t.pk, m.session, m.key, m.place, m.stamp, m.hash
from (select * from sync_messages where sent is not stamp and (session, key) > (@session, @key) and not ${HELD} and ${CHOSEN}
  and (message is null or message not in (select message from replies)) order by session, key limit ${BATCH}) m
left join messages t on t.pk = m.message`

/** Collects messages. Replies that are still being written wait. */
function collectMessages(connection: Connection, choice: Choice): Omit<Collected, 'sessions'> {
  const local = localOf(connection)
  const rows = connection.prepare(UNSENT).raw().iterate(choice) as Iterable<[...MessageValues, ...Unsent]>
  const messages: SentMessage[] = []
  const pushed: PushedMessage[] = []
  let chars = 0
  let rare: ReturnType<typeof rareOf> | undefined
  for (const row of rows) {
    const [pk, session, id, place, stamp, hash] = row.slice(MESSAGE_COLUMNS.length) as Unsent
    if (rare?.id !== session) rare = rareOf(local, session)
    const raw = rare.hasRaw ? local.raw('m', session, id) : undefined
    const own = pk === null ? null : bodyOf(fromMessageValues(row as unknown as MessageValues))
    const body = completeBody(own, hash, raw)
    messages.push({ session, id, place, stamp, body, floor: rare.floor, needs: raw?.needs })
    pushed.push({ session, id, stamp, hash: hash ?? (own === null ? null : hashOf(own)) })
    chars += body?.length ?? 0
    if (chars > BATCH_CHARS) break
  }
  return { messages, pushed }
}

/** What few sessions have: the stamp of a withdrawal, and messages that this program does not understand completely. Read once a session. */
const rareOf = (local: Local, id: string) => ({
  id,
  floor: local.register(id, WITHDRAWN)?.stamp,
  hasRaw: local.hasRaw('m', id) !== undefined,
})
