import { createHash, randomBytes } from 'node:crypto'
import { Problem } from 'ainative-code'
import { derive, KEY_BYTES, type Master } from './master.ts'
import { type Key, open, seal } from './seal.ts'
import { publicOf, sharedSecret } from './x25519.ts'

/** The public key of the owner of the words, as Base64. */
export const publicKeyOf = ({ identity }: Master): string => publicOf(identity).toString('base64')

/** A short form of a public key for comparison by people: 8 groups of 5 digits. */
export function fingerprintOf(publicKey: string): string {
  const hash = createHash('sha256').update('ainative-code zerodb 1 fingerprint').update(readKey(publicKey)).digest()
  return Array.from({ length: 8 }, (_, i) => String(hash.readUInt32BE(i * 4) % 100_000).padStart(5, '0')).join(' ')
}

/**
 * Seals the keys of a session for a person. Only that person can open them, and sees that they come from the owner of `sender`. `about`
 * names what they are for, such as the share, its owner, the session and the member: they can only be opened with the same.
 */
export function sealFor(publicKey: string, sessionKeys: readonly Key[], sender: Master, about: readonly string[]): string {
  const once = randomBytes(KEY_BYTES)
  const oncePublic = publicOf(once)
  const receiver = readKey(publicKey)
  const key = sharedKey(
    [sharedSecret(once, receiver), sharedSecret(sender.identity, receiver)],
    oncePublic,
    receiver,
    readKey(publicKeyOf(sender)),
  )
  const text = JSON.stringify(sessionKeys.map(({ id, bytes }) => [id, bytes.toString('base64')]))
  return `${oncePublic.toString('base64')}.${seal(key, text, about)}`
}

/** Opens the keys that someone sealed for the owner of `receiver`. Throws if they come from someone else, or were changed. */
export function openSealed(receiver: Master, senderKey: string, sealed: string, about: readonly string[]): Key[] {
  const [once = '', ...rest] = sealed.split('.')
  const sender = readKey(senderKey)
  const oncePublic = readKey(once)
  const key = sharedKey(
    [sharedSecret(receiver.identity, oncePublic), sharedSecret(receiver.identity, sender)],
    oncePublic,
    readKey(publicKeyOf(receiver)),
    sender,
  )
  const keys = JSON.parse(open(key, rest.join('.'), about)) as [string, string][]
  return keys.map(([id, bytes]) => ({ id, bytes: Buffer.from(bytes, 'base64') }))
}

/** The key of one sealed text, from both shared secrets and the public keys of all sides. */
const sharedKey = (secrets: readonly Uint8Array[], ...publicKeys: readonly Uint8Array[]): Key => ({
  id: 'x25519',
  bytes: derive(Buffer.concat([...secrets, ...publicKeys]), 'share'),
})

/** True if something can be sealed for this public key. */
export function isPublicKey(text: string): boolean {
  try {
    // Throws for the points that lead to the same secret with every key.
    sharedSecret(randomBytes(KEY_BYTES), readKey(text))
    return true
  } catch {
    return false
  }
}

/** Reads a public key. Throws a Problem if it is not one. */
function readKey(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === KEY_BYTES) return bytes
  throw new Problem('key', 'a public key is invalid: it does not have 32 bytes')
}
