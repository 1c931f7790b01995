import crypto from 'node:crypto'

/** The SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string) => crypto.createHash('sha256').update(text).digest('hex')

/** The SHA-256 of each file by its real path. */
export type Hashes = ReadonlyMap<string, string>
