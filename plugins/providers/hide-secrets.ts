import { type DecodedText, decodeText } from './decoded-text.ts'

/** A text that must not be shown. */
export interface Secret {
  text: string
  /** True to hide parts of the text too; false for a text that may contain common words. */
  parts: boolean
}

/** Replaces the secrets in messages: a server may repeat them. */
export interface SecretHider {
  /** Replaces the secrets in a text, in any escape, in Base64 or in hexadecimal. */
  text(text: string): string
  /** Replaces the secrets in the texts of a value. An object, such as an error with its causes, is changed in place. */
  value(value: unknown): unknown
}

/** The minimum length of a secret to hide: shorter texts occur too often. */
const MIN_LENGTH = 6
/** Parts of this many characters are hidden too: JSON.parse quotes a part of an invalid text in its error. */
const PART = 8

/** A form in which a secret may appear, such as Base64. */
interface Form {
  /** The parts of the secret in this form, all of the same length. */
  parts: Set<string>
  length: number
  read(bytes: string): string
  /** Matches the characters of the same word, which is hidden as a whole. */
  word?: RegExp
}

const lowerCase = (bytes: string) => bytes.toLowerCase()
const standardBase64 = (bytes: string) => bytes.replaceAll('-', '+').replaceAll('_', '/')

/** Creates a SecretHider for these secrets. */
export function createSecretHider(secrets: readonly Secret[]): SecretHider {
  const forms = secrets.filter(({ text }) => text.length >= MIN_LENGTH).flatMap(formsOf)
  const secretHider: SecretHider = {
    text: (text) => (forms.length > 0 ? hideInText(text, forms) : text),
    value: (value) => (forms.length > 0 ? hideInValue(value, secretHider.text, new Set()) : value),
  }
  return secretHider
}

function formsOf({ text, parts }: Secret): Form[] {
  const { bytes } = decodeText(text)
  const lengthOf = (form: string, part: number) => (parts ? Math.min(part, form.length) : form.length)
  const formOf = (form: string, part: number, rest: Pick<Form, 'read' | 'word'>): Form => {
    const length = lengthOf(form, part)
    return { parts: partsOf(form, length), length, ...rest }
  }
  const hex = Buffer.from(bytes, 'latin1').toString('hex')
  return [
    formOf(lowerCase(bytes), PART, { read: lowerCase }),
    ...base64Of(bytes).map((form) => formOf(form, PART, { read: standardBase64, word: /[\w+/=-]/ })),
    formOf(hex, 2 * PART, { read: lowerCase }),
  ]
}

const partsOf = (form: string, length: number) =>
  new Set(Array.from({ length: form.length - length + 1 }, (_, i) => form.slice(i, i + length)))

/** The Base64 characters that depend only on the secret, for each of its three possible offsets in a group of bytes. */
const base64Of = (bytes: string) =>
  [0, 1, 2].map((before) => {
    const encoded = btoa('\0'.repeat(before) + bytes)
    return encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6))
  })

function hideInText(text: string, forms: Form[]): string {
  const decoded = decodeText(text)
  const marks = new Uint8Array(decoded.bytes.length)
  for (const form of forms) mark(decoded, form, marks)
  return replaceMarked(text, decoded, marks)
}

function mark({ bytes }: DecodedText, { parts, length, read, word }: Form, marks: Uint8Array): void {
  const form = read(bytes)
  for (let at = 0; at + length <= form.length; at++) {
    if (!parts.has(form.slice(at, at + length))) continue
    let [first, end] = [at, at + length]
    while (word && first > 0 && word.test(form.charAt(first - 1))) first--
    while (word?.test(form.charAt(end))) end++
    marks.fill(1, first, end)
    // The loop continues after the word, which is already marked.
    if (word) at = end
  }
}

function replaceMarked(text: string, { from, to }: DecodedText, marks: Uint8Array): string {
  let result = ''
  let done = 0
  for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at)) {
    const end = marks.indexOf(0, at) < 0 ? marks.length : marks.indexOf(0, at)
    result += `${text.slice(done, from[at])}***`
    done = to[end - 1] ?? text.length
    at = end
  }
  return result + text.slice(done)
}

function hideInValue(value: unknown, hide: (text: string) => string, visited: Set<object>): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value !== 'object' || value === null || visited.has(value)) return value
  visited.add(value)
  for (const key of Object.getOwnPropertyNames(value)) {
    // The request is never shown, and may be long.
    if (key === 'requestBodyValues') continue
    const inner: unknown = Reflect.get(value, key)
    const clean = hideInValue(inner, hide, visited)
    if (clean !== inner) Reflect.set(value, key, clean)
  }
  return value
}
