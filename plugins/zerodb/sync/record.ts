import { createHash } from 'node:crypto'
import type { Connection } from '../../sqlite/index.ts'
import { nextStamp } from './clock.ts'
import { bodyOf, dropSession, type Local, localOf, messageKey, readState, writeMessage, writeRegister, writeState } from './local.ts'
import { PURGED, sessionOf, valuesOf } from './registers.ts'
import { TRIGGERS } from './schema.ts'
import type { State } from './state.ts'

/** The maximum number of changed rows that a write compares; what is beyond is compared by the next sync. */
const MAX_INLINE = 200

interface Touched {
  kind: 's' | 'a' | 'm' | 'd' | 'x'
  pk: number
  id: string | null
}

const connectionsWithTriggers = new WeakSet<Connection>()

/** Creates the temporary triggers of a connection, if sync is set up in its database. */
export function setTriggers(connection: Connection): void {
  if (connectionsWithTriggers.has(connection) || localOf(connection).state('device') === undefined) return
  connection.exec(TRIGGERS)
  connectionsWithTriggers.add(connection)
}

/** Gives what the current transaction changed its stamps. */
export const recordChanges = (connection: Connection) => void recordSome(connection, MAX_INLINE)

/** Compares at most `limit` changed rows with the known state, and gives each difference a stamp. Returns whether rows are left. */
export function recordSome(connection: Connection, limit: number): boolean {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return false
  // Removed rows first, because SQLite may have given their keys to new ones.
  const touched = connection
    .prepare("select kind, pk, id from sync_touched order by instr('xdsam', kind), pk limit ?")
    .all(limit + 1) as Touched[]
  const forget = connection.prepare('delete from sync_touched where kind = ? and pk = ?')
  for (const each of touched.slice(0, limit)) {
    record(local, state, each)
    forget.run(each.kind, each.pk)
  }
  if (touched.length > 0) writeState(local, state)
  return touched.length > limit
}

function record(local: Local, state: State, { kind, pk, id }: Touched): void {
  if (kind === 'd') recordPurge(local, state, id ?? '')
  else if (kind === 'x') recordRemoval(local, state, pk)
  else if (kind === 'm') recordMessage(local, state, pk)
  else recordSession(local, state, pk)
  if (kind === 'a') for (const message of local.messagesOf(pk)) recordMessage(local, state, message.pk)
}

function recordSession(local: Local, state: State, pk: number): void {
  const session = local.session(pk)
  if (!session) return
  const { id } = session
  const registers = local.registers(id)
  const values = valuesOf(session)
  const known = registers.size > 0 ? valuesOf(sessionOf(id, registers, local.newest(id)?.stamp ?? '')) : new Map<string, string>()
  for (const [key, value] of values) if (known.get(key) !== value) writeRegister(local, state, id, key, { value, stamp: nextStamp(state) })
  for (const key of known.keys()) if (!values.has(key)) writeRegister(local, state, id, key, { value: null, stamp: nextStamp(state) })
}

function recordPurge(local: Local, state: State, id: string): void {
  const registers = local.registers(id)
  if (registers.size === 0 || registers.has(PURGED)) return
  dropSession(local, state, id)
  writeRegister(local, state, id, PURGED, { value: 'true', stamp: nextStamp(state) })
}

function recordRemoval(local: Local, state: State, pk: number): void {
  const known = local.messageByRow(pk)
  if (known) writeMessage(local, state, { ...known, message: null, stamp: nextStamp(state), hash: null })
}

function recordMessage(local: Local, state: State, pk: number): void {
  const message = local.message(pk)
  const session = local.sessionOfMessage(pk)?.id
  if (!message || session === undefined) return
  const hash = hashOf(bodyOf(message))
  const known = local.messageByRow(pk)
  if (known?.hash === hash && known.session === session) return
  const stamp = nextStamp(state)
  const key = known?.key ?? messageKey(local, session, message.id)
  const place = (known ?? local.messageState(session, key))?.place ?? stamp
  writeMessage(local, state, { session, key, message: pk, place, stamp, hash })
}

/** A hash of a body, to tell whether a message changed. */
export const hashOf = (body: string) => createHash('sha256').update(body).digest('base64').slice(0, 22)
