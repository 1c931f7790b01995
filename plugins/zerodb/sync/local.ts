import { type Message, type NewMessage, parseJson, type Session, stringifyJson } from 'ainative-code'
import { type Connection, fromMessageValues, fromSessionRow, MESSAGE_COLUMNS, type MessageValues } from '../../sqlite/index.ts'
import { escapeKey, KEY_PREFIX, type Register, type Registers } from './registers.ts'
import { type State, toggle } from './state.ts'

/** A message as it is sent: the JSON of its fields without `seq`. */
export const bodyOf = ({ seq: _, ...message }: Message): string => stringifyJson(message)
/** Reads a body. */
export const readBody = (body: string): NewMessage => parseJson(body) as NewMessage

/** A message in `sync_messages`. */
export interface MessageState {
  session: string
  key: string
  /** The `pk` of its row; null once it was removed. */
  message: number | null
  /** The stamp of its first appearance, which decides its place in the session. */
  place: string
  stamp: string
  hash: string | null
  sent: string | null
}

/** Prepares statements of one connection: to run, to read one row, and to read all rows. */
const statementsOf = (connection: Connection) => ({
  run(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.run(...values)
  },
  get<T>(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.get(...values) as T | undefined
  },
  all<T>(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.all(...values) as T[]
  },
})

type Statements = ReturnType<typeof statementsOf>

/** The condition of a register that holds a key of its session. */
const IS_KEY = `key >= '${KEY_PREFIX}' and key < '${KEY_PREFIX.slice(0, -1)};'`

/** The statements on the tables of sync. */
function stateStatements({ run, get, all }: Statements) {
  const registers = all<{ key: string } & Register>('select key, value, stamp from sync_registers where session = ?')
  const state = get<{ value: string }>('select value from sync_state where key = ?')
  return {
    state: (key: string) => state(key)?.value,
    setState: run('insert into sync_state values (?, ?) on conflict (key) do update set value = excluded.value'),
    dropState: run('delete from sync_state where key = ?'),
    registers: (id: string): Registers => new Map(registers(id).map(({ key, ...register }) => [key, register])),
    register: get<{ stamp: string }>('select stamp from sync_registers where session = ? and key = ?'),
    setRegister: run(
      `insert into sync_registers (session, key, value, stamp) values (?, ?, ?, ?)
       on conflict (session, key) do update set value = excluded.value, stamp = excluded.stamp`,
    ),
    setRegisterSent: run('update sync_registers set sent = ? where session = ? and key = ?'),
    messageState: get<MessageState>('select * from sync_messages where session = ? and key = ?'),
    messageByRow: get<MessageState>('select * from sync_messages where message = ?'),
    setMessage: run(
      `insert into sync_messages (session, key, message, place, stamp, hash) values (?, ?, ?, ?, ?, ?)
       on conflict (session, key) do update set message = excluded.message, place = excluded.place, stamp = excluded.stamp, hash = excluded.hash`,
    ),
    setMessageSent: run('update sync_messages set sent = ? where session = ? and key = ?'),
    stampsOf: all<{ kind: 'r' | 'm'; key: string; stamp: string }>(
      `with own as (select ? as id) select 'r' as kind, key, stamp from sync_registers, own where session = own.id
       union all select 'm', key, stamp from sync_messages, own where session = own.id`,
    ),
    // The keys of a session are no change that a person made.
    newest: get<{ stamp: string | null }>(
      `with own as (select ? as id) select max(stamp) as stamp from (
         select max(stamp) as stamp from sync_registers, own where session = own.id and not (${IS_KEY})
       union all select max(stamp) from sync_messages, own where session = own.id)`,
    ),
    setAside: run('insert or replace into sync_aside (kind, session, key, row, error) values (?, ?, ?, ?, ?)'),
    dropAside: run('delete from sync_aside where kind = ? and session = ? and key = ?'),
    keyRegisters: all<{ session: string; key: string; value: string | null }>(
      `select session, key, value from sync_registers where ${IS_KEY}`,
    ),
    dropRegister: run('delete from sync_registers where session = ? and key = ?'),
    dropRegisters: run('delete from sync_registers where session = ?'),
    dropMessages: run('delete from sync_messages where session = ?'),
  }
}

/** The statements on the tables of the store. */
function storeStatements(connection: Connection, { get, all }: Statements) {
  const message = connection.prepare(`select ${MESSAGE_COLUMNS.join(', ')} from messages where pk = ?`).raw()
  const session = get<Parameters<typeof fromSessionRow>[0]>('select * from sessions where pk = ? and staged is null')
  return {
    session: (pk: number): Session | undefined => {
      const row = session(pk)
      return row && fromSessionRow(row)
    },
    message: (pk: number): Message | undefined => {
      const row = message.get(pk) as MessageValues | undefined
      return row && fromMessageValues(row)
    },
    pkOf: get<{ pk: number }>('select pk from sessions where id = ? and staged is null'),
    sessionOfMessage: get<{ id: string }>(
      'select s.id from messages m join sessions s on s.pk = m.session where m.pk = ? and s.staged is null',
    ),
    messagesOf: all<{ pk: number }>('select pk from messages where session = ? order by seq'),
  }
}

/** Prepares the statements of sync on one connection. */
function localStatements(connection: Connection) {
  const statements = statementsOf(connection)
  return { ...stateStatements(statements), ...storeStatements(connection, statements) }
}

/** The statements of sync on one connection. */
export type Local = ReturnType<typeof localStatements>

const locals = new WeakMap<Connection, Local>()

/** Returns the statements of a connection, prepared once. */
export function localOf(connection: Connection): Local {
  const local = locals.get(connection) ?? localStatements(connection)
  locals.set(connection, local)
  return local
}

/** Reads the state of sync in this database; undefined if sync was never set up. */
export function readState(local: Local): State | undefined {
  const device = local.state('device')
  if (device === undefined) return undefined
  return { device, time: local.state('clock') ?? '0'.repeat(16), digest: Buffer.from(local.state('digest') ?? '', 'hex') }
}

/** Writes the clock and the digest. */
export function writeState(local: Local, { time, digest }: State): void {
  local.setState('clock', time)
  local.setState('digest', digest.toString('hex'))
}

/** Runs a change of registers or messages, and keeps the clock and the digest. Within a write transaction. */
export function changeState(local: Local, change: (state: State) => void): void {
  const state = readState(local)
  if (!state) throw new Error('sync is not set up')
  change(state)
  writeState(local, state)
}

/** Sets a register, and updates the digest. */
export function writeRegister(local: Local, state: State, session: string, key: string, { value, stamp }: Register): void {
  toggle(state, session, 'r', key, local.register(session, key)?.stamp)
  toggle(state, session, 'r', key, stamp)
  local.setRegister(session, key, value, stamp)
}

/** Sets the state of a message, and updates the digest. */
export function writeMessage(local: Local, state: State, message: Omit<MessageState, 'sent'>): void {
  const { session, key, stamp } = message
  toggle(state, session, 'm', key, local.messageState(session, key)?.stamp)
  toggle(state, session, 'm', key, stamp)
  local.setMessage(session, key, message.message, message.place, stamp, message.hash)
}

/** Forgets the keys of all sessions, and updates the digest. */
export function dropKeys(local: Local, state: State): void {
  for (const { session, key } of local.keyRegisters()) {
    toggle(state, session, 'r', key, local.register(session, key)?.stamp)
    local.dropRegister(session, key)
  }
}

/** Forgets the registers and messages of a session, and updates the digest. */
export function dropSession(local: Local, state: State, session: string): void {
  for (const { kind, key, stamp } of local.stampsOf(session)) toggle(state, session, kind, key, stamp)
  local.dropRegisters(session)
  local.dropMessages(session)
}

/** The key of a message: its id, with a number where an earlier message of the session has the same id. */
export function messageKey(local: Local, session: string, id: string): string {
  const key = escapeKey(id)
  for (let n = 1; ; n++) {
    const next = n === 1 ? key : `${key}\\n${n}`
    const known = local.messageState(session, next)
    if (!known || known.message === null) return next
  }
}
