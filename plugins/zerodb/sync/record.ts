import { isLocalOnly, type Message } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { nextStamp } from './clock.ts'
import {
  bodyOf,
  dropPurged,
  hashOf,
  type Local,
  localOf,
  newKey,
  readState,
  replaceMessage,
  replaceRegister,
  writeRegister,
  writeState,
} from './local.ts'
import { recordLocalOnly } from './record-local-only.ts'
import { escapeKey, isLive, PURGED, sessionOf, valuesOf } from './registers.ts'
import { renumber } from './renumber.ts'
import { TOUCH_ALL } from './schema.ts'
import { type State, toggle } from './state.ts'
import { hasTriggers } from './triggers.ts'

/** The maximum number of changed rows that a write compares; what is beyond is compared by the next sync. */
const MAX_INLINE = 200

interface Touched {
  kind: 's' | 'a' | 'm' | 'd' | 'x' | 'l'
  pk: number
  id: string | null
}

/**
 * Reads changed rows. Removed rows come first, because SQLite may reuse their keys: a removed session before its messages, which need no
 * record then. Whole sessions come in the order of their ids, so that the tables of sync grow at their end.
 */
const TOUCHED = `select t.kind, t.pk, t.id from sync_touched t left join sessions s on t.kind = 'a' and s.pk = t.pk
order by instr('dxlsam', t.kind), s.id, t.pk limit ?`

/** Gives what the current transaction changed its stamps. If that fails, the next sync does it: the write itself must not fail. */
export function recordChanges(connection: Connection): void {
  connection.exec('savepoint sync')
  try {
    // Another process set sync up after this transaction began without triggers.
    if (!hasTriggers(connection)) connection.exec(TOUCH_ALL)
    recordSome(connection, MAX_INLINE)
    connection.exec('release sync')
  } catch (error) {
    if (!connection.inTransaction) throw error
    connection.exec('rollback to sync; release sync')
  }
}

/** Compares at most `limit` changed rows with the known state, and gives each difference a stamp. Returns whether rows are left. */
export function recordSome(connection: Connection, limit: number): boolean {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return false
  const touched = connection.prepare(TOUCHED).all(limit + 1) as Touched[]
  const forget = connection.prepare('delete from sync_touched where kind = ? and pk = ?')
  const sessions = new Set<string>()
  for (const each of touched.slice(0, limit)) {
    const id = record(local, state, each)
    forget.run(each.kind, each.pk)
    if (id !== undefined) sessions.add(id)
  }
  for (const id of sessions) keepDeleted(local, state, id)
  if (touched.length > 0) writeState(local, state)
  return touched.length > limit
}

/** Records one change. Returns the session that changed. */
function record(local: Local, state: State, { kind, pk, id }: Touched): string | undefined {
  if (kind === 'd') return recordPurge(local, state, id ?? '')
  if (kind === 'x') return recordRemoval(local, state, pk)
  if (kind === 'm') return recordMessage(local, state, pk)
  if (kind === 'l' && !recordLocalOnly(local, state, id ?? '')) return undefined
  const session = recordSession(local, state, pk)
  if (kind !== 's' && session !== undefined && !recordMessages(local, state, session, pk)) renumber(local, pk)
  return session
}

function recordSession(local: Local, state: State, pk: number): string | undefined {
  const session = local.session(pk)
  if (!session || isLocalOnly(session.metadata)) return undefined
  const { id } = session
  const registers = local.registers(id)
  if (registers.has(PURGED)) return undefined
  const values = valuesOf(session)
  const known = isLive(registers) ? valuesOf(sessionOf(id, registers, local.newest(id)?.stamp ?? '')) : new Map<string, string>()
  const write = (key: string, value: string | null) =>
    replaceRegister(local, state, id, key, registers.get(key), { value, stamp: nextStamp(state) })
  for (const [key, value] of values) if (known.get(key) !== value) write(key, value)
  for (const key of known.keys()) if (!values.has(key)) write(key, null)
  return id
}

/** A change that this device makes within the trash leaves the session there, so its delete has to be the newest change. */
function keepDeleted(local: Local, state: State, id: string): void {
  const deleted = local.register(id, 'deleted_at')
  const pk = deleted && local.pkOf(id)?.pk
  const session = pk === undefined ? undefined : local.session(pk)
  if (!session?.deleted_at || !deleted || deleted.stamp === local.newest(id)?.stamp) return
  writeRegister(local, state, id, 'deleted_at', { value: deleted.value, stamp: nextStamp(state) })
}

function recordPurge(local: Local, state: State, id: string): undefined {
  const registers = local.registers(id)
  if (!isLive(registers)) return
  dropPurged(local, state, id)
  writeRegister(local, state, id, PURGED, { value: 'true', stamp: nextStamp(state) })
}

function recordRemoval(local: Local, state: State, pk: number): string | undefined {
  const known = local.messageByRow(pk)
  // Where a pull removed the row, a message that it added may have its key.
  const message = known && local.message(pk)
  if (message && hashOf(bodyOf(message)) === known.hash) return undefined
  if (!known) return undefined
  replaceMessage(local, state, known, { ...known, message: null, stamp: nextStamp(state), hash: null })
  local.dropRaw('m', known.session, known.key)
  // Other devices number the messages without the removed ones.
  const session = local.pkOf(known.session)
  if (session) renumber(local, session.pk)
  return known.session
}

function recordMessage(local: Local, state: State, pk: number): string | undefined {
  const session = local.sessionOfMessage(pk)?.id
  const message = session === undefined ? undefined : local.message(pk)
  if (session === undefined || !message || local.register(session, PURGED)) return undefined
  return recordBody(local, state, session, pk, message)
}

/** Records all messages of a session that is synced. Returns true if all of them are new, and numbered from 1. */
function recordMessages(local: Local, state: State, session: string, sessionPk: number): boolean {
  let [count, isNumbered] = [0, true]
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const messages = local.messagesAfter(sessionPk, after)
    for (const { pk, id, seq, isKnown } of messages) {
      const isNew = !isKnown && recordNew(local, state, session, pk, id)
      if (!isNew) recordMessage(local, state, pk)
      isNumbered &&= isNew && seq === ++count
      after = seq
    }
    if (messages.length === 0) break
  }
  if (isNumbered) local.setCount(count, sessionPk, count)
  return isNumbered
}

/**
 * Records a message that was never synced. Its content is not read: the push that sends it notes its hash. Returns false if the session has,
 * or had, another message with its id.
 */
function recordNew(local: Local, state: State, session: string, pk: number, id: string): boolean {
  const [key, stamp] = [escapeKey(id), nextStamp(state)]
  if (local.addMessage(session, key, pk, stamp, stamp).changes === 0) return false
  toggle(state, session, 'm', key, stamp)
  return true
}

function recordBody(local: Local, state: State, session: string, pk: number, message: Message): string | undefined {
  const hash = hashOf(bodyOf(message))
  const known = local.messageByRow(pk)
  if (known?.hash === hash) return undefined
  const stamp = nextStamp(state)
  const { key, own } = known ? { key: known.key, own: known } : newKey(local, session, message.id)
  replaceMessage(local, state, own, { session, key, message: pk, place: own?.place ?? stamp, stamp, hash })
  // The edit replaces a body that this program did not understand.
  if (own && local.raw('m', session, key)?.hash === null) local.dropRaw('m', session, key)
  return session
}
