import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** An AES-256 key, and the id that sealed texts contain. */
export interface Key {
  id: string
  bytes: Buffer
}

/** The first character of a sealed text. No JSON text begins with this character. */
export const MARK = '~'
/** The version of the form `~1:KEY:DATA`; the data are nonce, ciphertext and tag in Base64. */
const FORM = `${MARK}1`

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** True for a text that some version of this program sealed. */
export const isSealed = (text: string | null): text is string => text?.startsWith(MARK) ?? false

/** Encrypts a text. `aad` is the associated data, which says what the text belongs to: opening needs the same values. */
export function seal({ id, bytes }: Key, text: string, aad: readonly string[]): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(encodeAad(aad))
  const data = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${FORM}:${id}:${data.toString('base64')}`
}

/** Returns the id of the key that opens a text. Throws for a text that is not sealed, or that a newer version sealed. */
export function keyIdOf(sealed: string): string {
  const [form, id, data] = sealed.split(':', 3)
  if (!isSealed(sealed) || id === undefined || data === undefined) throw new Error('the text is not encrypted')
  if (form !== FORM) throw new Error('a newer version of ainative-code encrypted the text')
  return id
}

/** Decrypts a text. Throws if the text was changed, or was sealed with other associated data. */
export function open({ id, bytes }: Key, sealed: string, aad: readonly string[]): string {
  if (keyIdOf(sealed) !== id) throw new Error('the text is encrypted with another key')
  const data = Buffer.from(sealed.slice(FORM.length + id.length + 2), 'base64')
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new Error('the encrypted text is cut off')
  const end = data.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(encodeAad(aad)).setAuthTag(data.subarray(end))
  try {
    return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, end)), decipher.final()]).toString('utf8')
  } catch {
    throw new Error('the encrypted text was changed, or belongs to another place')
  }
}

/** Encodes associated data. JSON separates the parts, whatever they contain. */
const encodeAad = (aad: readonly string[]) => Buffer.from(JSON.stringify(aad))
