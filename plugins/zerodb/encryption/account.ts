import { randomBytes } from 'node:crypto'
import { parseJson } from 'ainative-code'
import { KEY_BYTES, type Master } from './master.ts'
import { type Key, open, seal } from './seal.ts'

/** What all devices of an encrypted account know, sealed in the column `key_check` of the server. */
export interface Account {
  /** The secret of the account, which a rotation keeps. It hides names, and proves that a device purged a session. */
  secret: Buffer
  /** True while rows from before the encryption may be on the server. */
  hasPlain: boolean
  /** The key before a rotation, while keys of sessions may still be sealed with it. */
  old?: Key
}

const about = (owner: string) => ['account', owner]

/** A new account. */
export const newAccount = (hasPlain: boolean): Account => ({ secret: randomBytes(KEY_BYTES), hasPlain })

/** Seals an account for `key_check`. */
export function sealAccount({ key }: Master, owner: string, { secret, hasPlain, old }: Account): string {
  const oldKey = old && { id: old.id, key: old.bytes.toString('base64') }
  return seal(key, JSON.stringify({ secret: secret.toString('base64'), plain: hasPlain, old: oldKey }), about(owner))
}

/** Opens `key_check`. Throws if it was changed, or sealed with another key. */
export function openAccount({ key }: Master, owner: string, check: string): Account {
  const { secret, plain, old } = parseJson(open(key, check, about(owner))) as {
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
