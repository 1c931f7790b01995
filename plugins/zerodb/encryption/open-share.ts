import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { accountOf } from '../server/endpoint.ts'
import { isKeyRegister, PURGED } from '../sync/registers.ts'
import type { MessageRow, SentRegister } from '../sync/rows.ts'
import { type Codec, openBody, openRegister } from './codec.ts'
import { openSealed } from './identity.ts'
import { keyChanged, newKeyText, pin, pinnedKey } from './pins.ts'
import { isSealed, type Key, keyIdOf } from './seal.ts'
import { END_REGISTERS, keysOf } from './session-keys.ts'
import { noPublicKey, notAuthentic, notOpened, notSealedYet } from './share-problems.ts'
import { shareAad } from './share-record.ts'
import { codecOf } from './unlock.ts'

/** A shared session as the server returns it. None of its values is trusted. */
export interface SharedSession {
  id: string
  owner: string
  session: string
  registers: unknown
  /** The keys of the session, sealed for the reader; null if there are none. */
  sealed: string | null
  /** The public key that the server has for the owner. */
  sender: string | null
}

type SharedMessage = Pick<MessageRow, 'key' | 'place' | 'stamp' | 'body'>

/** A decrypted shared session. */
export interface OpenedShare {
  registers: Record<string, SentRegister>
  /** True if the key of this body is known, or if the body is not encrypted. */
  hasKey(body: string | null): boolean
  /** Decrypts the body of a message. Returns null for a removed message. Throws if the body was changed. */
  openBody(message: SharedMessage): string | null
}

/**
 * Decrypts a shared session. Returns undefined if its owner does not encrypt. Throws a Problem if the user has no key for the session, or
 * if someone other than the owner changed it. Calls `note` with the fingerprint of an owner whose public key is new.
 */
export async function openShare(
  access: Access,
  server: Server,
  share: SharedSession,
  note: (text: string) => void,
): Promise<OpenedShare | undefined> {
  const codec = await codecOf(server)
  if (share.owner === server.user) return codec && openOwn(codec, share)
  if (!isEncrypted(access, server, share)) return undefined
  const keys = await openKeys(access, server, codec, share, note)
  return {
    registers: openRegisters(share, keys),
    hasKey: (body) => !isSealed(body) || keys.has(idOf(body)),
    openBody: (message) => openBody(share.owner, { ...message, session: share.session }, keys),
  }
}

/** True if the owner encrypts. An owner with a public key encrypts everything, so plain text from the server would be forged. */
const isEncrypted = (access: Access, server: Server, { owner, registers, sealed, sender }: SharedSession) =>
  sealed !== null ||
  sender !== null ||
  pinnedKey(access, accountOf(server), owner) !== undefined ||
  Object.values(registers ?? {}).some((register) => isSealed(textOf(register)))

const textOf = (register: unknown): string | null => {
  const { v } = (register ?? {}) as { v?: unknown }
  return typeof v === 'string' ? v : null
}

const idOf = (sealed: string): string => {
  try {
    return keyIdOf(sealed)
  } catch {
    return ''
  }
}

/** Decrypts a share of the user with the keys of the account. */
function openOwn(codec: Codec, { id, owner, session, registers }: SharedSession): OpenedShare {
  try {
    const row = codec.openSession({ kind: 's', rev: 0, session, registers: registers as Record<string, SentRegister>, needs: 1 })
    const keys = keysOf(Object.entries(row.registers).map(([key, { v, h }]) => [key, { value: v, stamp: h }]))
    return {
      registers: row.registers,
      hasKey: () => true,
      openBody: (message) => codec.openMessage({ kind: 'm', rev: 0, needs: 1, session, ...message }, keys).body,
    }
  } catch (error) {
    throw notAuthentic(id, owner, error)
  }
}

/** Opens the keys of the session that the owner sealed for the user. Returns the keys by id. */
async function openKeys(
  access: Access,
  server: Server,
  codec: Codec | undefined,
  { id, owner, session, sealed, sender }: SharedSession,
  note: (text: string) => void,
): Promise<Map<string, Key>> {
  if (!codec) throw noPublicKey(id, owner, server.key !== undefined)
  const account = accountOf(server)
  const known = pinnedKey(access, account, owner)
  const publicKey = known ?? sender
  if (sealed === null || publicKey === null) throw notSealedYet(id, owner)
  let keys: Key[]
  try {
    keys = openSealed(codec.master, publicKey, sealed, shareAad(id, owner, session, server.user))
  } catch (error) {
    // The server may have replaced the public key of the owner, and sealed keys with its own.
    if (known !== undefined && sender !== null && sender !== known) throw keyChanged(owner, sender)
    throw notOpened(id, owner, error)
  }
  if (known === undefined) {
    await pin(access, account, owner, publicKey)
    note(newKeyText(owner, publicKey))
  }
  return new Map(keys.map((key) => [key.id, key]))
}

/** Decrypts the fields of a session. Skips the key registers, which only the owner can open. */
function openRegisters({ id, owner, session, registers }: SharedSession, keys: ReadonlyMap<string, Key>): Record<string, SentRegister> {
  const opened: Record<string, SentRegister> = Object.create(null)
  for (const [wire, register] of Object.entries((registers ?? {}) as Record<string, SentRegister>)) {
    if (isKeyRegister(wire)) continue
    if (END_REGISTERS.includes(wire)) {
      // Only the owner can verify the end of a session. Whoever controls the server can withhold the session anyway.
      if (wire === PURGED) opened[wire] = { v: null, h: String(register?.h) }
      continue
    }
    const v = textOf(register)
    const key = v === null ? undefined : keys.get(idOf(v))
    if (!key && isSealed(v)) throw notSealedYet(id, owner)
    try {
      if (!key) throw new Error('the field is not encrypted')
      const [name, value] = openRegister(owner, session, wire, register, key)
      opened[name] = { v: value, h: register.h }
    } catch (error) {
      throw notAuthentic(id, owner, error)
    }
  }
  return opened
}
