import { codeOf, messageOf } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { type Reader, readOrNothing } from '../encryption/reader.ts'
import { CLIENT } from '../server/schema.ts'
import { seeStamp } from './clock.ts'
import { noteRegisterConflict } from './conflicts.ts'
import { createEnds, hasDeletion, isEnded } from './ends.ts'
import { knewEnd } from './forget-ends.ts'
import { createKnownMessages } from './known-messages.ts'
import { dropPurged, dropSession, type Local, localOf, replaceRegister, sentStamp } from './local.ts'
import { mergeFields } from './merge-fields.ts'
import { keepBody, mergeMessage } from './merge-message.ts'
import { isKeyRegister, isLive, PURGED, sessionOf, WITHDRAWN } from './registers.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import type { State } from './state.ts'
import { mergeWithdrawal } from './withdraw.ts'
import { createWriter, type Writer } from './writer.ts'

/** Writes what other devices changed to the local tables. */
export interface Apply {
  /** Applies a row. One that cannot be applied is set aside, and does not stop the rest. */
  row(row: SessionRow | MessageRow): void
  /** Writes a session again at the end, although no row changed it. */
  again(id: string): void
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
export function startApply(connection: Connection, state: State, reader: Reader, isCareful: boolean): Apply {
  const local = localOf(connection)
  const writer = createWriter(connection)
  const changed = new Set<string>()
  const withFields = new Set<string>()
  let messages = 0
  // Only a careful one sets rows aside itself.
  const hasAside = isCareful || local.hasAside() !== undefined
  /** Does work for one row. The transaction has to go on; without it, the page comes again at the next sync. */
  const attempt = (work: () => void, setAside: (error: unknown) => void) => {
    try {
      if (isCareful) undoOnError(connection, state, work)
      else work()
    } catch (error) {
      if (!isCareful || !isOfRow(connection, error)) throw error
      setAside(error)
    }
  }
  const merge = createMerge(local, state, writer, (id) => {
    // A new session gets its values before its messages come: later, each of its indexes would change again.
    if (isCareful || writer.has(id)) withFields.add(id)
    else writeSession(local, writer, id)
  })
  return {
    row(row) {
      const mergeRow = () => {
        if (hasAside) local.dropAside(row.kind, row.session, keyOf(row))
        if (!merge(reader.read(row))) return
        changed.add(row.session)
        if (row.kind === 'm') messages++
      }
      attempt(mergeRow, (error) => {
        writer.forget()
        setRowAside(local, state, reader, row, error)
      })
    },
    again(id) {
      changed.add(id)
      withFields.add(id)
    },
    end() {
      for (const id of changed) {
        const complete = () => {
          if (isCareful) local.dropAside('s', id, WHOLE)
          if (withFields.has(id) || hasDeletion(local, id)) writeSession(local, writer, id)
          else writer.renumber(id)
        }
        attempt(complete, (error) => local.setAside('s', id, WHOLE, '', messageOf(error)))
      }
      return { ids: changed, messages }
    },
  }
}

/** Merges one row. The function returns whether the row changed the local tables; `onFields` gets each session whose fields changed. */
function createMerge(local: Local, state: State, writer: Writer, onFields: (id: string) => void) {
  const ends = createEnds(local)
  const known = createKnownMessages(local)
  return (row: SessionRow | MessageRow): boolean => {
    if (row.kind === 'm') return mergeMessage(local, state, writer, known, row, ends.of(row.session))
    ends.forget()
    known.forget()
    const isChanged = mergeRegisters(local, state, writer, row)
    if (isChanged) onFields(row.session)
    return isChanged
  }
}

/** Sets aside a row as it was sent. A message of a session that ended meanwhile, whose keys are gone, is skipped. */
function setRowAside(local: Local, state: State, reader: Reader, row: SessionRow | MessageRow, error: unknown): void {
  if (row.kind === 'm' && isEnded(local, row)) return
  local.setAside(row.kind, row.session, keyOf(row), JSON.stringify(row), messageOf(error))
  const decrypted = readOrNothing(reader, row)
  if (decrypted?.kind === 'm') keepBody(local, state, decrypted)
}

/** The key of a session that could not be written although each of its rows could be applied. */
const WHOLE = '*'

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

function mergeRegisters(local: Local, state: State, writer: Writer, { session: id, registers, needs, isPlain }: SessionRow): boolean {
  const isPurged = local.register(id, PURGED) !== undefined
  if (registers[PURGED] && !isPurged) {
    const isKept = local.ends(id)?.isLocal || knewEnd(local, id, PURGED, registers[PURGED].h)
    ;(isKept ? dropSession : dropPurged)(local, state, id)
  }
  if (needs > CLIENT.version) local.setRaw('s', id, '', needs, null, null)
  else local.dropRaw('s', id, '')
  for (const { h } of Object.values(registers)) seeStamp(state, h)
  const floor = isPurged ? '' : mergeWithdrawal(local, state, writer, id, registers)
  // A purge is final, so changes that this device made meanwhile are dropped too.
  const incoming = Object.entries(registers).filter(([key, { h }]) => (isPurged ? key === PURGED : key === WITHDRAWN || h > floor))
  let changed = floor !== '' && mergeFields(local, state, writer, id, registers, floor)
  const known = local.registers(id)
  for (const [key, { v: value, h: stamp }] of incoming) {
    const own = known.get(key)
    const sent = sentStamp(stamp, isPlain)
    if (own && !isKeyRegister(key)) noteRegisterConflict(local, id, key, own, { value, stamp })
    if (!own || stamp > own.stamp) {
      replaceRegister(local, state, id, key, own, { value, stamp, sent })
      changed = true
    } else if (sent !== own.sent) local.setRegisterSent(sent, id, key)
  }
  return changed
}

function writeSession(local: Local, writer: Writer, id: string): void {
  const registers = local.registers(id)
  if (local.ends(id)?.isLocal || knewEnd(local, id, PURGED, registers.get(PURGED)?.stamp)) return
  const isEnded = (registers.has(PURGED) || registers.has(WITHDRAWN)) && !isLive(registers)
  // No message is removed that sync still knows.
  const isGone = isEnded && local.hasMessage(id) === undefined
  writer.session(id, isGone ? undefined : sessionOf(id, registers, local.newest(id)?.stamp ?? ''))
  if (!isGone) writer.renumber(id)
}
