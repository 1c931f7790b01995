import { codeOf, messageOf, type NewMessage, type Session } from 'ainative-code'
import { type Connection, MESSAGE_COLUMNS, messageValues } from '../../sqlite/index.ts'
import { seeStamp } from './clock.ts'
import { bodyOf, dropSession, type Local, localOf, readBody, writeMessage, writeRegister } from './local.ts'
import { hashOf } from './record.ts'
import { PURGED, sessionOf } from './registers.ts'
import { renumber } from './renumber.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import { sessionInserter, sessionUpdater } from './session-statements.ts'
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

/** Errors of SQLite that the values of a row can cause. All others are failures of the disk, the memory or the file. */
const ROW_ERRORS = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|TOOBIG|RANGE)/

/** True if an error concerns one row, so that the transaction can continue without it. */
export function isOfRow(connection: Connection, error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return connection.inTransaction && (!code.startsWith('SQLITE_') || ROW_ERRORS.test(code))
}

/** Starts to apply rows. Each row that cannot be applied is set aside if `isCareful`; otherwise its error is thrown. */
export function startApply(connection: Connection, state: State, isCareful: boolean): Apply {
  const local = localOf(connection)
  const writer = createWriter(connection)
  const changed = new Set<string>()
  const withFields = new Set<string>()
  let messages = 0
  const guarded = <T>(work: () => T): T => (isCareful ? undoOnError(connection, state, work) : work())
  const merge = (row: SessionRow | MessageRow) => {
    if (row.kind === 's') return mergeRegisters(local, state, row.session, row.registers)
    const isChanged = mergeMessage(local, state, writer, row)
    if (isChanged) messages++
    return isChanged
  }
  return {
    row(row) {
      try {
        if (guarded(() => merge(row))) {
          changed.add(row.session)
          if (row.kind === 's') withFields.add(row.session)
        }
        local.dropAside(row.kind, row.session, keyOf(row))
      } catch (error) {
        // The transaction has to go on; without it, the page comes again at the next sync.
        if (!isCareful || !isOfRow(connection, error)) throw error
        local.setAside(row.kind, row.session, keyOf(row), JSON.stringify(row), messageOf(error))
      }
    },
    end() {
      for (const id of changed) {
        try {
          // Of the fields, messages change only whether the session is deleted.
          const isComplete = withFields.has(id) || local.register(id, 'deleted_at') !== undefined
          guarded(() => (isComplete ? writeSession(local, writer, id) : writer.renumber(id)))
        } catch (error) {
          if (!isCareful || !isOfRow(connection, error)) throw error
          local.setAside('s', id, '', '', messageOf(error))
        }
      }
      return { ids: changed, messages }
    },
  }
}

const keyOf = (row: SessionRow | MessageRow) => (row.kind === 'm' ? row.key : '')

/** Runs work; if it throws, what it wrote is undone. */
export function undoOnError<T>(connection: Connection, state: State, work: () => T): T {
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

function mergeRegisters(local: Local, state: State, id: string, registers: SessionRow['registers']): boolean {
  const known = local.registers(id)
  const sent = (key: string, stamp: string) => local.setRegisterSent(stamp, id, key)
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
  local.setMessageSent(row.stamp, session, key)
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
  const addSession = sessionInserter(connection)
  const updateSession = sessionUpdater(connection)
  const removeSession = (pk: number) => {
    connection.prepare('delete from messages where session = ?').run(pk)
    connection.prepare('delete from sessions where pk = ?').run(pk)
  }
  /** The row of a session, made at first use: a message may arrive before its session. */
  const sessionPk = (id: string): number => (find.get(id) as number | undefined) ?? addSession(id)
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
      if (session) updateSession(pk ?? sessionPk(id), session)
      else if (pk !== undefined) removeSession(pk)
    },
    renumber: (id: string) => renumber(connection, sessionPk(id)),
  }
}

function writeSession(local: Local, writer: Writer, id: string): void {
  const registers = local.registers(id)
  const isPurged = registers.has(PURGED)
  writer.session(id, isPurged ? undefined : sessionOf(id, registers, local.newest(id)?.stamp ?? ''))
  if (!isPurged) writer.renumber(id)
}
