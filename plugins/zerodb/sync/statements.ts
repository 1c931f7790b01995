import type { Connection } from '../../sqlite/index.ts'
import { type Statements, statementsOf } from './prepare.ts'
import { KEY_PREFIX, PURGED, type Register, WITHDRAWN } from './registers.ts'
import { storeStatements } from './store-statements.ts'

/** A message in `sync_messages`. */
export interface MessageState {
  session: string
  key: string
  /** The `pk` of its row; null once it was removed. */
  message: number | null
  /** The stamp of its first appearance, which decides its place in the session. */
  place: string
  stamp: string
  /** A hash of the message. Null if there is no row, and, until it is sent, for a message that was recorded with its whole session. */
  hash: string | null
  sent: string | null
}

/** A register, with what the server has. */
export interface SyncedRegister extends Register {
  sent: string | null
}

/** What this program does not understand of a row, and a hash of the message that it made of it. */
export interface Raw {
  needs: number
  body: string | null
  hash: string | null
}

/** How the sync of a session ended: the stamps of its purge and of its last withdrawal. */
export interface Ends {
  purged: string | null
  withdrawn: string | null
  /** 1 if the withdrawal is of this device, and the server does not have it yet. */
  isPending: 0 | 1
  /** 1 if the session is local-only on this device. */
  isLocal: 0 | 1
}

/** A register or a message of a session, with its stamp and what the server has. */
export interface Item {
  kind: 'r' | 'm'
  key: string
  stamp: string
  sent: string | null
  /** The `pk` of a message's row. */
  message: number | null
}

/** Marks a stamp in the column `sent` that the server once had: it is sent again, but is no news to other devices. */
export const RESEND = '~'

/** The condition of a register that holds a key of its session. */
const IS_KEY = `key >= '${KEY_PREFIX}' and key < '${KEY_PREFIX.slice(0, -1)};'`

/** The statements on registers, and on the state of the sync. */
function registerStatements({ run, get, all }: Statements) {
  const registers = all<{ key: string } & SyncedRegister>('select key, value, stamp, sent from sync_registers where session = ?')
  const state = get<{ value: string }>('select value from sync_state where key = ?')
  return {
    state: (key: string) => state(key)?.value,
    setState: run('insert into sync_state values (?, ?) on conflict (key) do update set value = excluded.value'),
    dropState: run('delete from sync_state where key = ?'),
    registers: (id: string) => new Map(registers(id).map(({ key, value, stamp, sent }) => [key, { value, stamp, sent }])),
    register: get<SyncedRegister>('select value, stamp, sent from sync_registers where session = ? and key = ?'),
    // Without a value for `sent`, what the server has stays known.
    setRegister: run(
      `insert into sync_registers (session, key, value, stamp, sent) values (?, ?, ?, ?, ?) on conflict (session, key)
       do update set value = excluded.value, stamp = excluded.stamp, sent = coalesce(excluded.sent, sent)`,
    ),
    setRegisterSent: run('update sync_registers set sent = ? where session = ? and key = ?'),
    keyRegisters: all<{ session: string; key: string; value: string | null }>(
      `select session, key, value from sync_registers where ${IS_KEY}`,
    ),
    dropRegister: run('delete from sync_registers where session = ? and key = ?'),
    dropRegisters: run('delete from sync_registers where session = ?'),
  }
}

/** The statements on what is known of messages. */
const messageStatements = ({ run, get }: Statements) => ({
  messageState: get<MessageState>('select * from sync_messages where session = ? and key = ?'),
  messageByRow: get<MessageState>('select * from sync_messages where message = ?'),
  setMessage: run(
    `insert into sync_messages (session, key, message, place, stamp, hash, sent) values (?, ?, ?, ?, ?, ?, ?) on conflict (session, key)
       do update set message = excluded.message, place = excluded.place, stamp = excluded.stamp, hash = excluded.hash,
         sent = coalesce(excluded.sent, sent)`,
  ),
  /** Adds the state of a message, unless the session has this key. */
  addMessage: run(
    'insert into sync_messages (session, key, message, place, stamp) values (?, ?, ?, ?, ?) on conflict (session, key) do nothing',
  ),
  setMessageSent: run('update sync_messages set sent = ? where session = ? and key = ?'),
  /** Notes that the server has a message. The hash is that of the body that was sent: a later change has its own already. */
  notePushed: run('update sync_messages set sent = ?, hash = coalesce(hash, ?) where session = ? and key = ?'),
  dropMessage: run('delete from sync_messages where session = ? and key = ?'),
  /** Tells whether the store has a message of the session that sync knows. */
  hasMessage: get<{ found: 1 }>('select 1 as found from sync_messages where session = ? and message is not null limit 1'),
  /** Tells whether sync knows a message of the session, also one that was removed. */
  hasState: get<{ found: 1 }>('select 1 as found from sync_messages where session = ? limit 1'),
  forgetRows: run('update sync_messages set message = null, hash = null where session = ?'),
  dropMessages: run('delete from sync_messages where session = ?'),
})

/** The statements on a session with its messages. */
const sessionStatements = ({ get, all }: Statements) => ({
  stampsOf: all<Item>(
    `with own as (select ? as id) select 'r' as kind, key, stamp, sent, null as message from sync_registers, own where session = own.id
       union all select 'm', key, stamp, sent, message from sync_messages, own where session = own.id`,
  ),
  ends: get<Ends>(
    `with own as (select ? as id) select
         (select stamp from sync_registers where session = own.id and key = '${PURGED}') as purged,
         (select stamp from sync_registers where session = own.id and key = '${WITHDRAWN}') as withdrawn,
         exists (select 1 from sync_registers where session = own.id and key = '${WITHDRAWN}'
           and sent is not stamp and sent is not '${RESEND}' || stamp) as isPending,
         exists (select 1 from sessions where id = own.id and local_only is not null and staged is null) as isLocal from own`,
  ),
  isTouched: get<{ found: 1 }>(
    `select 1 as found from sessions s join sync_touched t on t.kind in ('s', 'a') and t.pk = s.pk
         or t.kind = 'm' and t.pk in (select pk from messages where session = s.pk) where s.id = ? and s.staged is null`,
  ),
  // The keys of a session are no change that a person made.
  newest: get<{ stamp: string | null }>(
    `with own as (select ? as id) select max(stamp) as stamp from (
         select max(stamp) as stamp from sync_registers, own where session = own.id and not (${IS_KEY})
       union all select max(stamp) from sync_messages, own where session = own.id)`,
  ),
})

/** The statements on what could not be applied, or not completely. */
function rawStatements({ run, get, all }: Statements) {
  return {
    raw: get<Raw>('select needs, body, hash from sync_raw where kind = ? and session = ? and key = ?'),
    hasRaw: get<{ found: 1 }>('select 1 as found from sync_raw where kind = ? and session = ? limit 1'),
    rawsOf: all<{ key: string } & Raw>('select key, needs, body, hash from sync_raw where kind = ? and session = ?'),
    setRaw: run('insert or replace into sync_raw (kind, session, key, needs, body, hash) values (?, ?, ?, ?, ?, ?)'),
    dropRaw: run('delete from sync_raw where kind = ? and session = ? and key = ?'),
    addConflict: run('insert or ignore into sync_conflicts (session, kind, key, lost, won, stamp, found_at) values (?, ?, ?, ?, ?, ?, ?)'),
    limitConflicts: run('delete from sync_conflicts where n <= (select max(n) from sync_conflicts) - ?'),
    dropConflicts: run('delete from sync_conflicts where session = ?'),
    dropRaws: run('delete from sync_raw where session = ?'),
    dropAsides: run('delete from sync_aside where session = ?'),
    setAside: run('insert or replace into sync_aside (kind, session, key, row, error) values (?, ?, ?, ?, ?)'),
    hasAside: get<{ found: 1 }>('select 1 as found from sync_aside limit 1'),
    dropAside: run('delete from sync_aside where kind = ? and session = ? and key = ?'),
  }
}

/** Prepares the statements of sync on one connection. */
export function localStatements(connection: Connection) {
  const statements = statementsOf(connection)
  return {
    ...registerStatements(statements),
    ...messageStatements(statements),
    ...sessionStatements(statements),
    ...rawStatements(statements),
    ...storeStatements(connection, statements),
  }
}
