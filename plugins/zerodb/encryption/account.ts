import { randomBytes } from 'node:crypto'
import { parseJson } from 'ainative-code'
import { KEY_BYTES, type Master } from './master.ts'
import { type Key, open, seal } from './seal.ts'

/** The secrets that all devices of an encrypted account share. `key_check` on the server holds them, sealed with the master key. */
export interface Account {
  /** A random secret, which a rotation does not change. The keys for hidden names and for purges are derived from it. */
  secret: Buffer
  /** True while the server may hold rows from before encryption was turned on. */
  hasPlain: boolean
  /** The master key before a rotation. Present while keys of sessions may still be sealed with the old key. */
  old?: Key
}

const accountAad = (owner: string) => ['account', owner]

/** Creates an account with a random secret. */
export const newAccount = (hasPlain: boolean): Account => ({ secret: randomBytes(KEY_BYTES), hasPlain })

/** Seals an account. The result is the value of `key_check`. */
export function sealAccount({ key }: Master, owner: string, { secret, hasPlain, old }: Account): string {
  const oldKey = old && { id: old.id, key: old.bytes.toString('base64') }
  return seal(key, JSON.stringify({ secret: secret.toString('base64'), plain: hasPlain, old: oldKey }), accountAad(owner))
}

/** Decrypts the value of `key_check`. Throws if the value was changed, or sealed with another key. */
export function openAccount({ key }: Master, owner: string, check: string): Account {
  const { secret, plain, old } = parseJson(open(key, check, accountAad(owner))) as {
    secret: string
    plain: boolean
    old?: { id: string; key: string }
  }
  return {
    secret: Buffer.from(secret, 'base64'),
    hasPlain: plain,
    ...(old && { old: { id: old.id, bytes: Buffer.from(old.key, 'base64') } }),
  }
}
