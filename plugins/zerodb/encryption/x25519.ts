import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'

/** The DER prefixes of a secret key and of a public key, before the 32 bytes of the key (RFC 8410). */
const SECRET = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC = Buffer.from('302a300506032b656e032100', 'hex')

const secretKey = (bytes: Uint8Array) => createPrivateKey({ key: Buffer.concat([SECRET, bytes]), format: 'der', type: 'pkcs8' })
const publicKey = (bytes: Uint8Array) => createPublicKey({ key: Buffer.concat([PUBLIC, bytes]), format: 'der', type: 'spki' })

/** Returns the public key of a secret key. */
export const publicOf = (secret: Uint8Array): Buffer =>
  createPublicKey(secretKey(secret)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length)

/** Returns the shared secret of two keys. Throws for points of low order, which give the same secret with every key. */
export const sharedSecret = (secret: Uint8Array, other: Uint8Array): Buffer =>
  diffieHellman({ privateKey: secretKey(secret), publicKey: publicKey(other) })
