import { createHash, randomBytes } from 'node:crypto'
import { Problem } from 'ainative-code'
import { derive, KEY_BYTES, type Master } from './master.ts'
import { type Key, open, seal } from './seal.ts'
import { publicOf, sharedSecret } from './x25519.ts'

/** Returns the X25519 public key that belongs to the words, as Base64. */
export const publicKeyOf = ({ identity }: Master): string => publicOf(identity).toString('base64')

/** Returns the fingerprint of a public key, which people compare: 8 groups of 5 digits. */
export function fingerprintOf(publicKey: string): string {
  const hash = createHash('sha256').update('ainative-code zerodb 1 fingerprint').update(readKey(publicKey)).digest()
  return Array.from({ length: 8 }, (_, i) => String(hash.readUInt32BE(i * 4) % 100_000).padStart(5, '0')).join(' ')
}

/**
 * Seals the keys of a session for the owner of `publicKey`. Only this person can open the result, which proves that `sender` sealed it.
 * `aad` is the associated data: the share, its owner, the session and the member. Opening needs the same values.
 */
export function sealFor(publicKey: string, sessionKeys: readonly Key[], sender: Master, aad: readonly string[]): string {
  const ephemeral = randomBytes(KEY_BYTES)
  const ephemeralPublic = publicOf(ephemeral)
  const receiver = readKey(publicKey)
  const key = sharedKey(
    [sharedSecret(ephemeral, receiver), sharedSecret(sender.identity, receiver)],
    ephemeralPublic,
    receiver,
    readKey(publicKeyOf(sender)),
  )
  const text = JSON.stringify(sessionKeys.map(({ id, bytes }) => [id, bytes.toString('base64')]))
  return `${ephemeralPublic.toString('base64')}.${seal(key, text, aad)}`
}

/** Opens keys of a session that were sealed for `receiver`. Throws if `senderKey` did not seal them, or if they were changed. */
export function openSealed(receiver: Master, senderKey: string, sealed: string, aad: readonly string[]): Key[] {
  const [ephemeral = '', ...rest] = sealed.split('.')
  const sender = readKey(senderKey)
  const ephemeralPublic = readKey(ephemeral)
  const key = sharedKey(
    [sharedSecret(receiver.identity, ephemeralPublic), sharedSecret(receiver.identity, sender)],
    ephemeralPublic,
    readKey(publicKeyOf(receiver)),
    sender,
  )
  const keys = JSON.parse(open(key, rest.join('.'), aad)) as [string, string][]
  return keys.map(([id, bytes]) => ({ id, bytes: Buffer.from(bytes, 'base64') }))
}

/** Derives the key of one sealed text from both shared secrets and from the ephemeral, receiver and sender public keys. */
const sharedKey = (secrets: readonly Uint8Array[], ...publicKeys: readonly Uint8Array[]): Key => ({
  id: 'x25519',
  bytes: derive(Buffer.concat([...secrets, ...publicKeys]), 'share'),
})

/** True for a valid X25519 public key. */
export function isPublicKey(text: string): boolean {
  try {
    // Throws for points of low order, which lead to the same secret with every key.
    sharedSecret(randomBytes(KEY_BYTES), readKey(text))
    return true
  } catch {
    return false
  }
}

/** Decodes a public key. Throws a Problem if the text does not hold 32 bytes. */
function readKey(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === KEY_BYTES) return bytes
  throw new Problem('key', 'a public key is invalid: it does not have 32 bytes')
}
