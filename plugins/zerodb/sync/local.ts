import { hash } from 'node:crypto'
import { type Message, type NewMessage, parseJson, stringifyJson } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { escapeKey, isKeyRegister, type Register } from './registers.ts'
import { type State, toggle } from './state.ts'
import { type Item, localStatements, type MessageState, RESEND } from './statements.ts'

/** A message as it is sent: the JSON of its fields without `seq`. */
export const bodyOf = ({ seq: _, ...message }: Message): string => stringifyJson(message)
/** A hash of a body, to tell whether a message changed. */
export const hashOf = (body: string) => hash('sha256', body, 'base64').slice(0, 22)
/** Reads a body. */
export const readBody = (body: string): NewMessage => parseJson(body) as NewMessage

/** True if no other device can have this item. */
export const isNews = ({ stamp, sent }: Pick<Item, 'stamp' | 'sent'>) => sent !== stamp && sent !== RESEND + stamp
/** What the server has after a row of it: what it holds without encryption, or at a later place, is sent again. */
export const sentStamp = (stamp: string, isSentAgain: boolean | undefined) => (isSentAgain ? RESEND + stamp : stamp)
/** True for a change that a person made, of which no other device can know. */
export const isNewsOfPerson = (item: Item) => isNews(item) && !(item.kind === 'r' && isKeyRegister(item.key))

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
export function writeRegister(local: Local, state: State, session: string, key: string, register: Register): void {
  replaceRegister(local, state, session, key, local.register(session, key), register)
}

/** Sets a register whose state is known, and updates the digest; with `sent`, also what the server has. */
export function replaceRegister(
  local: Local,
  state: State,
  session: string,
  key: string,
  own: Register | undefined,
  { value, stamp, sent = null }: Register & { sent?: string | null },
): void {
  toggle(state, session, 'r', key, own?.stamp)
  toggle(state, session, 'r', key, stamp)
  local.setRegister(session, key, value, stamp, sent)
}

/** A message to write; without `sent`, what the server has stays as it is. */
type NewState = Omit<MessageState, 'sent'> & { sent?: string | null }

/** Sets the state of a message, and updates the digest. */
export function writeMessage(local: Local, state: State, message: NewState): void {
  replaceMessage(local, state, local.messageState(message.session, message.key), message)
}

/** Sets the state of a message whose state before is known, and updates the digest. */
export function replaceMessage(local: Local, state: State, own: MessageState | undefined, message: NewState): void {
  const { session, key, stamp } = message
  toggle(state, session, 'm', key, own?.stamp)
  toggle(state, session, 'm', key, stamp)
  local.setMessage(session, key, message.message, message.place, stamp, message.hash, message.sent ?? null)
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

/** Forgets a session that was purged, with everything that was kept of it. */
export function dropPurged(local: Local, state: State, session: string): void {
  dropSession(local, state, session)
  dropTraces(local, session)
}

/** Forgets what was kept of a session beside its registers and messages. */
export function dropTraces(local: Local, session: string): void {
  local.dropRaws(session)
  local.dropAsides(session)
  local.dropConflicts(session)
}

/** Forgets those registers and messages of a session for which the test holds, and updates the digest. Returns them. */
export function dropItems(local: Local, state: State, session: string, test: (item: Item) => boolean): Item[] {
  const dropped = local.stampsOf(session).filter(test)
  for (const { kind, key, stamp } of dropped) {
    toggle(state, session, kind, key, stamp)
    if (kind === 'r') local.dropRegister(session, key)
    else local.dropMessage(session, key)
  }
  return dropped
}

/**
 * The key of a new message, and what is known of a removed one with this key: the id of the message, with a number where an earlier message
 * of the session has the same id.
 */
export function newKey(local: Local, session: string, id: string): { key: string; own: MessageState | undefined } {
  const first = escapeKey(id)
  for (let n = 1; ; n++) {
    const key = n === 1 ? first : `${first}\\n${n}`
    const own = local.messageState(session, key)
    if (!own || own.message === null) return { key, own }
  }
}
