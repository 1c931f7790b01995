import { messageOf } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { CLIENT } from '../server/schema.ts'
import { seeStamp } from './clock.ts'
import { noteRegisterConflict } from './conflicts.ts'
import { dropPurged, dropSession, type Local, localOf, writeRegister } from './local.ts'
import { keepBody, mergeMessage } from './merge-message.ts'
import { isLive, PURGED, sessionOf, WITHDRAWN } from './registers.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import type { State } from './state.ts'
import type { Ends } from './statements.ts'
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

/** Starts to apply a page, within a write transaction. */
export function startApply(connection: Connection, state: State): Apply {
  const local = localOf(connection)
  const writer = createWriter(connection)
  const changed = new Set<string>()
  let messages = 0
  // A page has many messages of one session.
  let last: { session: string; ends: Ends | undefined } | undefined
  const endsOf = (session: string) => {
    if (last?.session !== session || last.ends?.isLocal) last = { session, ends: local.ends(session) }
    return last.ends
  }
  const merge = (row: SessionRow | MessageRow) => {
    if (row.kind === 's') {
      last = undefined
      return mergeRegisters(local, state, writer, row)
    }
    const isChanged = mergeMessage(local, state, writer, row, endsOf(row.session))
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
        local.setAside(row.kind, row.session, keyOf(row), JSON.stringify(row), messageOf(error))
        if (row.kind === 'm') keepBody(local, state, row)
      }
    },
    again: (id) => void changed.add(id),
    end() {
      for (const id of changed) {
        try {
          undoOnError(connection, state, () => writeSession(local, writer, id))
          local.dropAside('s', id, WHOLE)
        } catch (error) {
          if (!connection.inTransaction) throw error
          local.setAside('s', id, WHOLE, '', messageOf(error))
        }
      }
      return { ids: changed, messages }
    },
  }
}

/** The key of a session that could not be written although each of its rows could be applied. */
const WHOLE = '*'

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

function mergeRegisters(local: Local, state: State, writer: Writer, { session: id, registers, needs }: SessionRow): boolean {
  const isPurged = local.register(id, PURGED) !== undefined
  if (registers[PURGED] && !isPurged) (local.ends(id)?.isLocal ? dropSession : dropPurged)(local, state, id)
  if (needs > CLIENT.version) local.setRaw('s', id, '', needs, null, null)
  else local.dropRaw('s', id, '')
  for (const { h } of Object.values(registers)) seeStamp(state, h)
  const floor = isPurged ? '' : mergeWithdrawal(local, state, writer, id, registers)
  // A purge is final, so changes that this device made meanwhile are dropped too.
  const incoming = Object.entries(registers).filter(([key, { h }]) => (isPurged ? key === PURGED : key === WITHDRAWN || h > floor))
  let changed = false
  for (const [key, { v: value, h: stamp }] of incoming) {
    const own = local.register(id, key)
    if (own) noteRegisterConflict(local, id, key, own, { value, stamp })
    if (!own || stamp > own.stamp) {
      writeRegister(local, state, id, key, { value, stamp })
      changed = true
    }
    local.setRegisterSent(stamp, id, key)
  }
  return changed
}

function writeSession(local: Local, writer: Writer, id: string): void {
  const registers = local.registers(id)
  if (local.ends(id)?.isLocal) return
  const isGone = (registers.has(PURGED) || registers.has(WITHDRAWN)) && !isLive(registers)
  writer.session(id, isGone ? undefined : sessionOf(id, registers, local.newest(id)?.stamp ?? ''))
  if (!isGone) writer.renumber(id)
}
