import fs from 'node:fs'
import path from 'node:path'
import { codeOf, fileProblem, type Host, makeFolder, replacePrivateFile, stateFolder, temporaryFile } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, openKeyring } from '../keyring/index.ts'
import type { Settings } from './settings.ts'

const LoginSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  /** Milliseconds since 1970; absent if the issuer did not say when the access token expires. */
  expires_at: z.number().optional(),
  /** How long the access token was valid when it was issued, in milliseconds. */
  lifetime: z.number().optional(),
  /** The issuer's id for the user. */
  subject: z.string().optional(),
  name: z.string().optional(),
})

/** A login with its tokens. */
export type Login = z.output<typeof LoginSchema>

/** The file holds logins, or only the fact that the keyring holds a login. */
const FileSchema = z.record(z.string(), z.union([z.literal('keyring'), LoginSchema]))

/** A stored login, and where it is stored: `keyring`, or the path of the file. */
export interface StoredLogin {
  login: Login
  place: string
}

/** The file of the logins, and of their lock. */
export const loginFile = ({ env }: Pick<Host, 'env'>) => path.join(stateFolder(env), 'logins.json')

/** The name of a login in the file and in the keyring. */
const nameOf = ({ issuer, client_id }: Settings) => `login ${client_id} ${issuer}`

/** Reads the login at this issuer; undefined if there is none. Throws a Problem if the keyring holds the login and fails. */
export async function readLogin(host: Host, settings: Settings): Promise<StoredLogin | undefined> {
  const file = loginFile(host)
  const entry = readFile(file)[nameOf(settings)]
  if (entry === undefined) return undefined
  if (entry !== 'keyring') return { login: entry, place: file }
  const text = await (await openKeyring(host)).get(nameOf(settings))
  const login = text === undefined ? undefined : parsed(text, LoginSchema)
  return login && { login, place: 'keyring' }
}

/**
 * Stores a login: in the keyring, or else in the file, also if the keyring refuses it. Returns the place. A login that was stored before is
 * replaced as a whole.
 */
export async function saveLogin(host: Host, settings: Settings, login: Login, keyring?: Keyring): Promise<string> {
  const name = nameOf(settings)
  const file = loginFile(host)
  const isInKeyring = await keyring?.set(name, JSON.stringify(login)).then(
    () => true,
    () => false,
  )
  const logins = readFile(file)
  const old = logins[name]
  // A refreshed login in the keyring changes nothing in the file.
  if (!isInKeyring || old !== 'keyring') writeFile(file, { ...logins, [name]: isInKeyring ? 'keyring' : login })
  if (!isInKeyring && old === 'keyring') await removeFromKeyring(host, name)
  return isInKeyring ? 'keyring' : file
}

/** Removes a login from the file and from the keyring. */
export async function removeLogin(host: Host, settings: Settings): Promise<void> {
  const name = nameOf(settings)
  const { [name]: entry, ...others } = readFile(loginFile(host))
  if (entry === 'keyring') await (await openKeyring(host)).remove(name)
  writeFile(loginFile(host), others)
}

/** Removes an old entry, which the file no longer names, so that a failure does no harm. */
const removeFromKeyring = async (host: Host, name: string) => {
  try {
    await (await openKeyring(host)).remove(name)
  } catch {
    // The keyring was in use before, and does not work now.
  }
}

/** As large as a login. */
const TEST_BYTES = 8192

/** Throws a Problem if the file cannot be written. Changes nothing. */
export function testLoginFile(host: Host): void {
  const file = loginFile(host)
  const folder = path.dirname(file)
  try {
    makeFolder(folder, 0o700)
    if (fs.existsSync(file)) fs.accessSync(file, fs.constants.W_OK)
    const temporary = temporaryFile(folder)
    try {
      fs.writeFileSync(temporary, Buffer.alloc(TEST_BYTES), { mode: 0o600, flag: 'wx' })
    } finally {
      fs.rmSync(temporary, { force: true })
    }
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}

/** Reads the file. A damaged file counts as empty: the next login replaces it. */
function readFile(file: string): z.output<typeof FileSchema> {
  try {
    return parsed(fs.readFileSync(file, 'utf8'), FileSchema) ?? {}
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw fileProblem(error, file, 'read')
  }
}

function parsed<T extends z.ZodType>(text: string, schema: T): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function writeFile(file: string, logins: z.output<typeof FileSchema>): void {
  try {
    if (Object.keys(logins).length === 0) fs.rmSync(file, { force: true })
    else replacePrivateFile(file, `${JSON.stringify(logins, null, 2)}\n`)
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}
