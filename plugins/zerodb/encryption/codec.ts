import { createHmac } from 'node:crypto'
import { isKeyRegister } from '../sync/registers.ts'
import type { MessageRow, SentMessage, SentRegister, SessionRow } from '../sync/rows.ts'
import { HIDDEN_NAMES } from '../sync/state.ts'
import { type Account, openAccount } from './account.ts'
import { derive, type Master } from './master.ts'
import { isSealed, type Key, keyIdOf, MARK, open, seal } from './seal.ts'
import { END_REGISTERS, keysOf, type SessionKey } from './session-keys.ts'

/** The keys of a session by their ids. */
type Keys = ReadonlyMap<string, SessionKey>
type SentRegisters = Record<string, SentRegister>

/** Encrypts and decrypts the rows of one account. */
export interface Codec {
  /** The value of `key_check` from which the codec was created. */
  check: string
  master: Master
  account: Account
  /** Encrypts registers of a session, and hides the names of tags and metadata keys. Registers of keys and ends need no `key`. */
  sealRegisters(session: string, registers: SentRegisters, key: Key | undefined): SentRegisters
  /** Encrypts the body of a message. */
  sealMessage(message: SentMessage, key: Key): SentMessage
  /** Decrypts a session. Throws if a register was changed, or belongs to another session. */
  openSession(row: SessionRow): SessionRow
  /** Decrypts a message with the keys of its session. Throws if the message was changed, or belongs to another session or id. */
  openMessage(row: MessageRow, keys: Keys): MessageRow
}

/** The keys of an account that encrypt its rows, apart from the keys of sessions. */
interface Secrets {
  owner: string
  /** The current master key, then the master key before a rotation. */
  masters: Key[]
  /** The key of the HMAC that hides names. */
  names: Buffer
  /** The key that seals the end of a session: its purge or its withdrawal. */
  ends: Key
}

/** Creates the codec of an account. Throws if `master` is not the master key of the account. */
export function createCodec(master: Master, owner: string, check: string): Codec {
  const account = openAccount(master, owner, check)
  const secrets: Secrets = {
    owner,
    masters: [master.key, ...(account.old ? [account.old] : [])],
    names: derive(account.secret, 'names'),
    ends: { id: 'end', bytes: derive(account.secret, 'end') },
  }
  const isPlain = (texts: (string | null)[]) => {
    if (texts.some(isSealed)) return false
    if (!account.hasPlain) throw new Error('the row is not encrypted, although the account is')
    return true
  }
  return {
    ...{ check, master, account },
    sealRegisters: (session, registers, key) => sealRegisters(secrets, session, registers, key),
    sealMessage: (message, key) => ({
      ...message,
      body: seal(key, pack(message.id, message.body), messageAad(owner, message, message.id)),
    }),
    openSession: (row) =>
      isPlain(Object.values(row.registers).map(({ v }) => v))
        ? { ...row, isPlain: true }
        : { ...row, registers: openRegisters(secrets, row.session, row.registers) },
    openMessage: (row, keys) => (isPlain([row.body]) ? { ...row, isPlain: true } : { ...row, body: openBody(owner, row, keys) }),
  }
}

const registerAad = (owner: string, session: string, key: string, stamp: string) => ['r', owner, session, key, stamp]
const messageAad = (owner: string, { session, stamp }: { session: string; stamp: string }, id: string) => ['m', owner, session, id, stamp]

function sealRegisters({ owner, masters, names, ends }: Secrets, session: string, registers: SentRegisters, key?: Key): SentRegisters {
  const result: SentRegisters = Object.create(null)
  for (const [name, { v, h }] of Object.entries(registers)) {
    const wire = wireKey(names, session, name)
    const own = END_REGISTERS.includes(name) ? ends : isKeyRegister(name) ? masters[0] : key
    result[wire] = { v: seal(requireKey(own), pack(name, v), registerAad(owner, session, wire, h)), h }
  }
  return result
}

function openRegisters(secrets: Secrets, session: string, registers: SentRegisters): SentRegisters {
  const opened: SentRegisters = Object.create(null)
  const openAll = (entries: [string, SentRegister][], keys: Keys) => {
    for (const [wire, register] of entries) {
      const key = keyFor(secrets, wire, keyIdOf(register.v ?? ''), keys)
      const [name, value] = openRegister(secrets.owner, session, wire, register, key)
      opened[name] = { v: value, h: register.h }
    }
  }
  const entries = Object.entries(registers)
  openAll(
    entries.filter(([key]) => isKeyRegister(key)),
    new Map(),
  )
  const keys = keysOf(Object.entries(opened).map(([key, { v, h }]) => [key, { value: v, stamp: h }]))
  openAll(
    entries.filter(([key]) => !isKeyRegister(key)),
    keys,
  )
  return opened
}

/** Decrypts a register. Returns its key, which contains the name of a tag or metadata key as plain text, and its value. */
export function openRegister(
  owner: string,
  session: string,
  wire: string,
  { v, h }: SentRegister,
  key: Key,
): [name: string, value: string | null] {
  return unpack(open(key, v ?? '', registerAad(owner, session, wire, h)))
}

/** Decrypts the body of a message of this owner. Returns null for a removed message. */
export function openBody(
  owner: string,
  row: Pick<MessageRow, 'session' | 'key' | 'stamp' | 'body'>,
  keys: ReadonlyMap<string, Key>,
): string | null {
  const sealed = row.body ?? ''
  return unpack(open(requireKey(keys.get(keyIdOf(sealed))), sealed, messageAad(owner, row, row.key)))[1]
}

/** Returns the key that sealed a register. */
function keyFor({ masters, ends }: Secrets, register: string, id: string, keys: Keys): Key {
  if (END_REGISTERS.includes(register)) return ends
  return requireKey(isKeyRegister(register) ? masters.find((each) => each.id === id) : keys.get(id))
}

function requireKey<T>(key: T | undefined): T {
  if (key === undefined) throw new Error('the key of the session is missing')
  return key
}

/** The number of characters of a hidden name: at least 128 bits in Base64. */
const NAME_CHARS = 22

/** Returns the key of a register on the server, in which the name of a tag or metadata key is hidden. */
function wireKey(names: Buffer, session: string, key: string): string {
  const prefix = HIDDEN_NAMES.find((each) => key.startsWith(each))
  if (prefix === undefined) return key
  const name = createHmac('sha256', names)
    .update(JSON.stringify([session, key]))
    .digest('base64url')
  return prefix + MARK + name.slice(0, NAME_CHARS)
}

/** Joins a name and a value with a line feed, which no name contains. A text without a line feed stands for the value null. */
const pack = (name: string, value: string | null) => (value === null ? name : `${name}\n${value}`)

function unpack(text: string): [name: string, value: string | null] {
  const end = text.indexOf('\n')
  return end < 0 ? [text, null] : [text.slice(0, end), text.slice(end + 1)]
}
