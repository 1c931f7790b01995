import { hkdfSync } from 'node:crypto'
import type { Key } from './seal.ts'
import { entropyOf } from './words.ts'

/** The keys that are derived from the 24 words of an account. */
export interface Master {
  /** Seals the keys of sessions. Its id identifies the words without revealing them. */
  key: Key
  /** The secret X25519 key. Other users seal keys of sessions for its public key. */
  identity: Buffer
}

/** The number of bytes of a key. */
export const KEY_BYTES = 32
const ID_BYTES = 8

/** Derives the keys from the words. The result must stay the same in all versions. */
export function deriveMaster(words: readonly string[]): Master {
  const entropy = entropyOf(words)
  return {
    key: { id: derive(entropy, 'key id', ID_BYTES).toString('hex'), bytes: derive(entropy, 'key', KEY_BYTES) },
    identity: derive(entropy, 'identity', KEY_BYTES),
  }
}

/** Derives a key for one purpose with HKDF-SHA-256. No salt is needed, because the input is random. */
export const derive = (secret: Uint8Array, purpose: string, bytes = KEY_BYTES): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), `ainative-code zerodb 1 ${purpose}`, bytes))
