import fs from 'node:fs'
import { codeOf, fileProblem, type Host, replacePrivateFile } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, openKeyring } from './keyring.ts'

/** A stored secret, and where it is stored: `keyring`, or the path of the file. */
export interface StoredSecret<T> {
  secret: T
  place: string
}

/** Stores secrets of one kind by name. The file holds secrets, or only the fact that the keyring holds a secret. */
export interface StoredSecrets<T> {
  /** Returns a secret; undefined if there is none. Throws a Problem if the secret is in the keyring and the keyring fails. */
  read(name: string): Promise<StoredSecret<T> | undefined>
  /** Stores a secret in the keyring, or in the file if the keyring fails. Replaces an old secret as a whole. Returns the place. */
  save(name: string, secret: T, keyring?: Keyring): Promise<string>
  remove(name: string): Promise<void>
}

/** The mark in the file for a secret that is in the keyring. */
const IN_KEYRING = 'keyring'

/** Opens the secrets of this file. The file is created at the first save, and only the user can read it. */
export function storedSecrets<S extends z.ZodType>(host: Host, file: string, schema: S): StoredSecrets<z.output<S>> {
  const entries = z.record(z.string(), z.union([z.literal(IN_KEYRING), schema]))
  // A damaged file counts as empty, and the next save replaces the file.
  const readFile = () => parsed(readText(file), entries) ?? {}
  return {
    async read(name) {
      const entry = readFile()[name]
      if (entry === undefined) return undefined
      if (entry !== IN_KEYRING) return { secret: entry as z.output<S>, place: file }
      const secret = parsed(await openKeyring(host).get(name), schema)
      return secret === undefined ? undefined : { secret, place: 'keyring' }
    },
    async save(name, secret, keyring) {
      const isInKeyring = await keyring?.set(name, JSON.stringify(secret)).then(
        () => true,
        () => false,
      )
      const old = readFile()
      // If the file already refers to the keyring for this secret, the file does not change.
      if (!isInKeyring || old[name] !== IN_KEYRING) writeFile(file, { ...old, [name]: isInKeyring ? IN_KEYRING : secret })
      if (!isInKeyring && old[name] === IN_KEYRING) await removeFromKeyring(host, name)
      return isInKeyring ? 'keyring' : file
    },
    async remove(name) {
      const { [name]: entry, ...others } = readFile()
      if (entry === IN_KEYRING) await openKeyring(host).remove(name)
      writeFile(file, others)
    },
  }
}

/** Removes an old entry from the keyring. A failure is ignored, because the file no longer refers to the entry. */
async function removeFromKeyring(host: Host, name: string): Promise<void> {
  try {
    await openKeyring(host).remove(name)
  } catch {
    // The keyring worked when the secret was stored, and does not work now.
  }
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileProblem(error, file, 'read')
  }
}

function parsed<S extends z.ZodType>(text: string | undefined, schema: S): z.output<S> | undefined {
  try {
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function writeFile(file: string, entries: object): void {
  try {
    if (Object.keys(entries).length === 0) fs.rmSync(file, { force: true })
    else replacePrivateFile(file, `${JSON.stringify(entries, null, 2)}\n`)
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}
