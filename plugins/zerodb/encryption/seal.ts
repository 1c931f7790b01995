import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A key of AES-256, and the name by which sealed texts mention it. */
export interface Key {
  id: string
  bytes: Buffer
}

/** The first character of a sealed text. No JSON text begins with it. */
export const MARK = '~'
/** The version of the form `~1:KEY:DATA`; the data are nonce, ciphertext and tag in Base64. */
const FORM = `${MARK}1`

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** True for a text that some version of this program sealed. */
export const isSealed = (text: string | null): text is string => text?.startsWith(MARK) ?? false

/** Encrypts a text. `about` says what the text belongs to: it can only be opened with the same. */
export function seal({ id, bytes }: Key, text: string, about: readonly string[]): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(bound(about))
  const data = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${FORM}:${id}:${data.toString('base64')}`
}

/** The id of the key that opens a text. Throws for a text that is not sealed, or in a form of a newer version. */
export function keyIdOf(sealed: string): string {
  const [form, id, data] = sealed.split(':', 3)
  if (!isSealed(sealed) || id === undefined || data === undefined) throw new Error('the text is not encrypted')
  if (form !== FORM) throw new Error('a newer version of ainative-code encrypted the text')
  return id
}

/** Decrypts a text. Throws if it was changed, or belongs to something else. */
export function open({ id, bytes }: Key, sealed: string, about: readonly string[]): string {
  if (keyIdOf(sealed) !== id) throw new Error('the text is encrypted with another key')
  const data = Buffer.from(sealed.slice(FORM.length + id.length + 2), 'base64')
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new Error('the encrypted text is cut off')
  const end = data.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(bound(about)).setAuthTag(data.subarray(end))
  try {
    return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, end)), decipher.final()]).toString('utf8')
  } catch {
    throw new Error('the encrypted text was changed, or belongs to another place')
  }
}

/** JSON keeps the parts apart, whatever they contain. */
const bound = (about: readonly string[]) => Buffer.from(JSON.stringify(about))
