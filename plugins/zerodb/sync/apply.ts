import { messageOf, type NewMessage, type Session } from 'ainative-code'
import { type Connection, MESSAGE_COLUMNS, messageValues, storeText, toSessionRow } from '../../sqlite/index.ts'
import type { Reader } from '../encryption/reader.ts'
import { seeStamp } from './clock.ts'
import { bodyOf, dropSession, type Local, localOf, readBody, writeMessage, writeRegister } from './local.ts'
import { hashOf } from './record.ts'
import { PURGED, sessionOf } from './registers.ts'
import { renumber } from './renumber.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import type { State } from './state.ts'

/** Writes what other devices changed to the local tables. */
export interface Apply {
  /** Applies a row. One that cannot be applied is set aside, and does not stop the rest. */
  row(row: SessionRow | MessageRow): void
  /** Completes the sessions that rows of a page changed. */
  end(): Page
}

/** What a page changed: the ids of the sessions, and the number of messages. */
export interface Page {
  ids: Set<string>
  messages: number
}

/** Starts to apply a page, within a write transaction. */
export function startApply(connection: Connection, state: State, reader: Reader): Apply {
  const local = localOf(connection)
  const writer = createWriter(connection)
  const changed = new Set<string>()
  let messages = 0
  const merge = (sent: SessionRow | MessageRow) => {
    const row = reader.read(sent)
    if (row.kind === 's') return mergeRegisters(local, state, row)
    const isChanged = mergeMessage(local, state, writer, row)
    if (isChanged) messages++
    return isChanged
  }
  return {
    row(row) {
      try {
        if (undoOnError(connection, state, () => merge(row))) changed.add(row.session)
        local.dropAside(row.kind, row.session, keyOf(row))
      } catch (error) {
        // The transaction has to go on; without it, the page comes again at the next sync.
        if (!connection.inTransaction) throw error
        // A message of a session that was purged meanwhile, whose keys are gone.
        if (row.kind === 'm' && local.register(row.session, PURGED)) return
        local.setAside(row.kind, row.session, keyOf(row), JSON.stringify(row), messageOf(error))
      }
    },
    end() {
      for (const id of changed) {
        try {
          undoOnError(connection, state, () => writeSession(local, writer, id))
        } catch (error) {
          if (!connection.inTransaction) throw error
          local.setAside('s', id, '', '', messageOf(error))
        }
      }
      return { ids: changed, messages }
    },
  }
}

const keyOf = (row: SessionRow | MessageRow) => (row.kind === 'm' ? row.key : '')

/** Runs work; if it throws, what it wrote is undone. */
function undoOnError<T>(connection: Connection, state: State, work: () => T): T {
  const { time, digest } = { time: state.time, digest: Buffer.from(state.digest) }
  connection.exec('savepoint row')
  try {
    const result = work()
    connection.exec('release row')
    return result
  } catch (error) {
    Object.assign(state, { time, digest })
    if (connection.inTransaction) connection.exec('rollback to row; release row')
    throw error
  }
}

function mergeRegisters(local: Local, state: State, { session: id, registers, isPlain }: SessionRow): boolean {
  const known = local.registers(id)
  // What the server holds without encryption is sent again.
  const sent = (key: string, stamp: string) => local.setRegisterSent(isPlain ? null : stamp, id, key)
  if (registers[PURGED] && !known.has(PURGED)) dropSession(local, state, id)
  // A purge is final, so changes that this device made meanwhile are dropped too.
  const incoming = Object.entries(registers).filter(([key]) => !known.has(PURGED) || key === PURGED)
  let changed = false
  for (const [key, { v: value, h: stamp }] of incoming) {
    seeStamp(state, stamp)
    const own = known.get(key)
    if (!own || stamp > own.stamp) {
      writeRegister(local, state, id, key, { value, stamp })
      changed = true
    }
    sent(key, stamp)
  }
  return changed
}

function mergeMessage(local: Local, state: State, writer: Writer, row: MessageRow): boolean {
  const { session, key, body } = row
  seeStamp(state, row.stamp)
  const own = local.messageState(session, key)
  if (local.register(session, PURGED)) return false
  const isNewer = !own || row.stamp > own.stamp
  const place = own && own.place < row.place ? own.place : row.place
  if (isNewer || place !== own.place) {
    const message = isNewer ? writer.message(session, own?.message ?? undefined, body === null ? undefined : readBody(body)) : own.message
    const written = message === null ? undefined : local.message(message)
    const hash = written ? hashOf(bodyOf(written)) : null
    writeMessage(local, state, { session, key, message, place, stamp: isNewer ? row.stamp : own.stamp, hash })
  }
  local.setMessageSent(row.isPlain ? null : row.stamp, session, key)
  return isNewer || place !== own.place
}

type Writer = ReturnType<typeof createWriter>

/** Writes sessions and messages to the tables of the store. */
function createWriter(connection: Connection) {
  const marks = (count: number) => Array(count).fill('?').join(', ')
  const find = connection.prepare('select pk from sessions where id = ? and staged is null').pluck()
  const insert = connection.prepare(`insert into messages (${MESSAGE_COLUMNS.join(', ')}) values (${marks(MESSAGE_COLUMNS.length)})`)
  const update = connection.prepare(`update messages set ${MESSAGE_COLUMNS.map((name) => `${name} = ?`).join(', ')} where pk = ?`)
  const remove = connection.prepare('delete from messages where pk = ?')
  const last = connection.prepare('select coalesce(max(seq), 0) from messages where session = ?').pluck()
  const seqOf = connection.prepare('select seq from messages where pk = ?').pluck()
  const removeSession = (pk: number) => {
    connection.prepare('delete from messages where session = ?').run(pk)
    connection.prepare('delete from sessions where pk = ?').run(pk)
  }
  /** The row of a session, made at first use: a message may arrive before its session. */
  const sessionPk = (id: string): number => (find.get(id) as number | undefined) ?? insertSession(connection, id)
  return {
    /** Writes, replaces or removes a message. Returns its `pk`, or null if it is gone. */
    message(session: string, pk: number | undefined, message: NewMessage | undefined): number | null {
      if (!message) {
        if (pk !== undefined) remove.run(pk)
        return null
      }
      const owner = sessionPk(session)
      if (pk !== undefined) {
        update.run(...messageValues(owner, seqOf.get(pk) as number, message), pk)
        return pk
      }
      return Number(insert.run(...messageValues(owner, (last.get(owner) as number) + 1, message)).lastInsertRowid)
    },
    session(id: string, session: Session | undefined): void {
      const pk = find.get(id) as number | undefined
      if (session) updateSession(connection, pk ?? sessionPk(id), session)
      else if (pk !== undefined) removeSession(pk)
    },
    renumber: (id: string) => renumber(connection, sessionPk(id)),
  }
}

function insertSession(connection: Connection, id: string): number {
  const now = new Date(0).toISOString()
  const empty: Session = {
    id,
    title: '',
    status: 'active',
    provider: null,
    model: null,
    tags: [],
    metadata: {},
    message_count: 0,
    created_at: now,
    updated_at: now,
  }
  const row = toSessionRow(empty)
  const names = Object.keys(row)
  const sql = `insert into sessions (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`
  return Number(connection.prepare(sql).run(...Object.values(row)).lastInsertRowid)
}

function updateSession(connection: Connection, pk: number, session: Session): void {
  const { activated_at: _, id: __, ...row } = toSessionRow(session)
  const names = Object.keys(row)
  connection.prepare(`update sessions set ${names.map((name) => `${name} = ?`).join(', ')} where pk = ?`).run(...Object.values(row), pk)
  connection.prepare('delete from session_tags where session = ?').run(pk)
  const tag = connection.prepare('insert or ignore into session_tags (tag, created_at, session) values (?, ?, ?)')
  for (const each of session.tags) tag.run(storeText(each), row.created_at, pk)
}

function writeSession(local: Local, writer: Writer, id: string): void {
  const registers = local.registers(id)
  const isPurged = registers.has(PURGED)
  writer.session(id, isPurged ? undefined : sessionOf(id, registers, local.newest(id)?.stamp ?? ''))
  if (!isPurged) writer.renumber(id)
}
