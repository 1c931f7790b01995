import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { usage } from 'ainative-code'

/** Returns a random password of 32 characters, which a URL holds without escapes. */
export const newPassword = () => randomBytes(24).toString('base64url')

const ITERATIONS = 4096
const KEY_BYTES = 32

/**
 * Computes the SCRAM-SHA-256 verifier that PostgreSQL stores for a password (RFC 5803). The server gets the verifier in place of the
 * password, so that its log cannot contain the password.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`
}

/**
 * Returns a password of printable ASCII characters. Throws a Problem for other characters: they need the normalization of RFC 4013, which
 * clients implement differently.
 */
export function checkedPassword(password: string): string {
  if (/^[\x20-\x7e]+$/.test(password)) return password
  throw usage(
    password === '' ? 'the password is empty' : 'the password contains a character that is not printable ASCII',
    'without --password-stdin, zerodb user add generates a password',
  )
}
