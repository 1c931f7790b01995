import { parseJson } from 'ainative-code'
import { sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Codec } from '../encryption/codec.ts'
import type { Server } from '../server/connect.ts'
import { ask } from './ask.ts'
import { refuseSkew } from './check-clock.ts'
import { HELD, MAY_SEND } from './collect.ts'
import { type Local, localOf } from './local.ts'
import { readServer } from './pull.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import type { SessionRow } from './rows.ts'
import { asIfSetUp, cursorFor } from './set-up.ts'
import { RESEND } from './statements.ts'

/** A session that a sync would change. */
export interface PlannedChange {
  /** `withdraw` removes the session from the server, because it is local-only here; `remove` removes it here. */
  direction: 'pull' | 'push' | 'withdraw' | 'remove'
  id: string
  /** Null if only messages change and the session is not on this device. */
  title: string | null
  /** The number of messages to transfer. */
  messages: number
}

/** Lists the changes that a sync would make, without making them. */
export async function plan(
  access: Access,
  server: Server,
  options: { push: boolean; pull: boolean; only?: string[] },
): Promise<PlannedChange[]> {
  const { codec, now } = await readServer(server)
  refuseSkew(now)
  const changed = options.pull ? await readChanged(access, server, options.only) : []
  // Turning encryption on sends everything again.
  const isWhole = codec ? codec.account.hasPlain : server.key !== undefined
  return asIfSetUp(access, server, () => [
    ...incoming(access, codec, changed),
    ...(options.push ? outgoing(access, isWhole, options.only) : []),
  ])
}

/** Parses a title. Returns null for no title, and for a title of an unknown form, for example of a newer version. */
export function titleOf(value: string | null | undefined): string | null {
  try {
    const title = parseJson(value ?? 'null')
    return typeof title === 'string' ? title : null
  } catch {
    return null
  }
}

function outgoing({ connection }: Access, isWhole: boolean, only: string[] | undefined): PlannedChange[] {
  const rows = connection
    .prepare(
      `select iif(session in (select id from sessions where local_only = 1 and staged is null), 'withdraw', 'push') as direction,
         session as id, (select value from sync_registers r where r.session = u.session and r.key = 'title') as title, sum(n) as messages
       from (select session, 0 as n from sync_registers r where (${isWhole} or sent is not stamp) and ${MAY_SEND}
         union all select session, 1 from sync_messages where (${isWhole} or sent is not stamp) and not ${HELD}) u
       where ?1 is null or session in (select value from json_each(?1)) group by session order by session`,
    )
    .all({ 1: only ? JSON.stringify(only) : null }) as PlannedChange[]
  return rows.map((row) => ({ ...row, title: titleOf(row.title) }))
}

/** SQL for the registers that are needed to read a title: the title, and the keys of the session. */
const TITLE = sql`(select jsonb_object_agg(key, value) from jsonb_each(registers) where key = 'title' or starts_with(key, 'key:'))`

/** What changed in a session on the server: `stamps` are those of all of its registers, `messages` those of changed messages. */
interface ChangedSession {
  id: string
  /** The registers that are needed to read the title; null if only messages changed. */
  registers: SessionRow['registers'] | null
  isGone: boolean | null
  isPurged: boolean | null
  stamps: string[] | null
  messages: string[] | null
}

function readChanged({ connection }: Access, server: Server, only: string[] | undefined): Promise<ChangedSession[]> {
  const cursor = only ? -1 : cursorFor(connection, server)
  return ask(
    server,
    sql<ChangedSession>`
    select id, min(registers::text)::json as registers, bool_or(gone) as "isGone", bool_or(purged) as "isPurged",
      min(stamps::text)::json as stamps, json_agg(message) filter (where message is not null) as messages from (
      select id, ${TITLE} as registers, (select jsonb_agg(value->'h') from jsonb_each(registers)) as stamps, null as message,
        registers - array[${PURGED}::text, ${WITHDRAWN}::text] = '{}' as gone, registers->${PURGED}::text is not null as purged
      from zerodb.session where owner = zerodb.me() and rev > ${cursor}
      union all select session, null, null, stamp, null, null from zerodb.message where owner = zerodb.me() and rev > ${cursor}
    ) rows where ${only === undefined} or id = any(${only ?? []}) group by id order by id`,
  )
}

function incoming({ connection }: Access, codec: Codec | undefined, rows: ChangedSession[]): PlannedChange[] {
  const local = localOf(connection)
  return rows.flatMap(({ id, registers, isGone, isPurged, stamps, messages }) => {
    const known = knownStamps(local, id)
    const isNew = (stamp: string) => !known.has(stamp)
    const count = messages?.filter(isNew).length ?? 0
    const isChanged = count > 0 || (stamps?.some(isNew) ?? false)
    noteSent(local, id, isPurged || (isGone && isChanged) ? undefined : new Set([...(stamps ?? []), ...(messages ?? [])]))
    if (!isChanged || !wouldChange(local, id, isGone ?? false)) return []
    const sent = registers && titleIn(codec, id, registers)
    const title = titleOf(sent ?? local.registers(id).get('title')?.value)
    return { direction: isGone ? 'remove' : 'pull', id, title, messages: count }
  })
}

/** Notes what a sync does not send after its pull: the stamps that the server has; without `stamps`, the whole session. */
function noteSent(local: Local, id: string, stamps: Set<string> | undefined): void {
  for (const { kind, key, stamp } of local.stampsOf(id))
    if (stamps?.has(stamp) ?? true) (kind === 'r' ? local.setRegisterSent : local.setMessageSent)(stamp, id, key)
}

/** True if a pull of changes of this session can change the store. */
function wouldChange(local: Local, id: string, isGone: boolean): boolean {
  const { purged, isLocal, isPending } = local.ends(id) ?? {}
  const hasCopy = local.pkOf(id) !== undefined
  if (purged) return false
  if (isGone) return hasCopy && !isLocal
  return isLocal ? isPending === 1 : hasCopy || !isPending
}

/** The stamps of a session that this device has or knew, or that the server has as far as this device knows. */
const knownStamps = (local: Local, id: string) =>
  new Set([
    ...local.stampsOf(id).flatMap(({ stamp, sent }) => [stamp, ...(sent ? [sent.replace(RESEND, '')] : [])]),
    ...local.rawsOf('e', id).flatMap(({ body }) => body ?? []),
  ])

/** Reads the title from registers of the server. Returns undefined if there is no title, or if it cannot be decrypted. */
export function titleIn(codec: Codec | undefined, session: string, registers: SessionRow['registers']): string | null | undefined {
  try {
    const row: SessionRow = { kind: 's', rev: 0, session, registers, needs: 1 }
    return (codec?.openSession(row) ?? row).registers.title?.v
  } catch {
    // The sync sets the row aside, and reports the reason.
    return undefined
  }
}
