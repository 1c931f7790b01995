import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'

/** What comes before the 32 bytes of a key in its DER form (RFC 8410). */
const SECRET = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC = Buffer.from('302a300506032b656e032100', 'hex')

const secretKey = (bytes: Uint8Array) => createPrivateKey({ key: Buffer.concat([SECRET, bytes]), format: 'der', type: 'pkcs8' })
const publicKey = (bytes: Uint8Array) => createPublicKey({ key: Buffer.concat([PUBLIC, bytes]), format: 'der', type: 'spki' })

/** The public key of a secret key. */
export const publicOf = (secret: Uint8Array): Buffer =>
  createPublicKey(secretKey(secret)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length)

/** The secret that the owners of two keys share. Throws for public keys that lead to the same secret with every key. */
export const sharedSecret = (secret: Uint8Array, other: Uint8Array): Buffer =>
  diffieHellman({ privateKey: secretKey(secret), publicKey: publicKey(other) })
