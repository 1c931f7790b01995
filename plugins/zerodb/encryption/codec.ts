import { createHmac } from 'node:crypto'
import { isKeyRegister } from '../sync/registers.ts'
import type { MessageRow, SentMessage, SentRegister, SessionRow } from '../sync/rows.ts'
import { HIDDEN_NAMES } from '../sync/state.ts'
import { type Account, openAccount } from './account.ts'
import { derive, type Master } from './master.ts'
import { isSealed, type Key, keyIdOf, MARK, open, seal } from './seal.ts'
import { ENDS, keysOf, type SessionKey } from './session-keys.ts'

/** The keys of a session by their ids. */
type Keys = ReadonlyMap<string, SessionKey>
type SentRegisters = Record<string, SentRegister>

/** Encrypts and decrypts the rows of one account. */
export interface Codec {
  /** The value of `key_check` that the codec belongs to. */
  check: string
  master: Master
  account: Account
  /** Encrypts registers of a session, and hides their names. The key is not needed for keys and the end of a session. */
  sealRegisters(session: string, registers: SentRegisters, key: Key | undefined): SentRegisters
  /** Encrypts the body of a message. */
  sealMessage(message: SentMessage, key: Key): SentMessage
  /** Decrypts a session. Throws if a register was changed, or belongs to another session. */
  openSession(row: SessionRow): SessionRow
  /** Decrypts a message with the keys of its session. Throws if it was changed, or belongs to another place. */
  openMessage(row: MessageRow, keys: Keys): MessageRow
}

/** What encrypts the rows of an account, besides the keys of sessions. */
interface Secrets {
  owner: string
  /** The current master key first. */
  masters: Key[]
  /** Hides names. */
  names: Buffer
  /** Seals the end of a session. */
  ends: Key
}

/** Creates the codec of an account. Throws if the master key is not that of the account. */
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
      body: seal(key, pack(message.id, message.body), aboutMessage(owner, message, message.id)),
    }),
    openSession: (row) =>
      isPlain(Object.values(row.registers).map(({ v }) => v))
        ? { ...row, isPlain: true }
        : { ...row, registers: openRegisters(secrets, row.session, row.registers) },
    openMessage: (row, keys) => (isPlain([row.body]) ? { ...row, isPlain: true } : { ...row, body: openBody(owner, row, keys) }),
  }
}

const aboutRegister = (owner: string, session: string, key: string, stamp: string) => ['r', owner, session, key, stamp]
const aboutMessage = (owner: string, { session, stamp }: { session: string; stamp: string }, id: string) => ['m', owner, session, id, stamp]

function sealRegisters({ owner, masters, names, ends }: Secrets, session: string, registers: SentRegisters, key?: Key): SentRegisters {
  const result: SentRegisters = Object.create(null)
  for (const [name, { v, h }] of Object.entries(registers)) {
    const wire = wireKey(names, session, name)
    const own = ENDS.includes(name) ? ends : isKeyRegister(name) ? masters[0] : key
    result[wire] = { v: seal(known(own), pack(name, v), aboutRegister(owner, session, wire, h)), h }
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

/** Decrypts a register. Returns its key, with the name of a tag or metadata key, and its value. */
export function openRegister(
  owner: string,
  session: string,
  wire: string,
  { v, h }: SentRegister,
  key: Key,
): [name: string, value: string | null] {
  return unpack(open(key, v ?? '', aboutRegister(owner, session, wire, h)))
}

/** Decrypts the body of a message of this owner; null for a removed one. */
export function openBody(
  owner: string,
  row: Pick<MessageRow, 'session' | 'key' | 'stamp' | 'body'>,
  keys: ReadonlyMap<string, Key>,
): string | null {
  const sealed = row.body ?? ''
  return unpack(open(known(keys.get(keyIdOf(sealed))), sealed, aboutMessage(owner, row, row.key)))[1]
}

/** The key that sealed a register. */
function keyFor({ masters, ends }: Secrets, register: string, id: string, keys: Keys): Key {
  if (ENDS.includes(register)) return ends
  return known(isKeyRegister(register) ? masters.find((each) => each.id === id) : keys.get(id))
}

function known<T>(key: T | undefined): T {
  if (key === undefined) throw new Error('the key of the session is missing')
  return key
}

/** The number of characters of a hidden name: 128 bits. */
const NAME_CHARS = 22

/** The key of a register on the server: without the name of a tag or a metadata key. */
function wireKey(names: Buffer, session: string, key: string): string {
  const prefix = HIDDEN_NAMES.find((each) => key.startsWith(each))
  if (prefix === undefined) return key
  const name = createHmac('sha256', names)
    .update(JSON.stringify([session, key]))
    .digest('base64url')
  return prefix + MARK + name.slice(0, NAME_CHARS)
}

/** Names hold no control characters, so a line feed ends the name. Without it, the value is null. */
const pack = (name: string, value: string | null) => (value === null ? name : `${name}\n${value}`)

function unpack(text: string): [name: string, value: string | null] {
  const end = text.indexOf('\n')
  return end < 0 ? [text, null] : [text.slice(0, end), text.slice(end + 1)]
}
