import crypto from 'node:crypto'

/** Returns the SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string) => crypto.createHash('sha256').update(text).digest('hex')

/** The SHA-256 of files, by their real paths. */
export type Hashes = ReadonlyMap<string, string>
