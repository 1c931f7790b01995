import fs from 'node:fs'
import path from 'node:path'
import { fileProblem, type Host, makeFolder, stateFolder, temporaryFile } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, storedSecrets } from '../keyring/index.ts'
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

/** A stored login, and where it is stored: `keyring`, or the path of the file. */
export interface StoredLogin {
  login: Login
  place: string
}

/** Returns the path of the file of the logins. Its lock file is next to it. */
export const loginFile = ({ env }: Pick<Host, 'env'>) => path.join(stateFolder(env), 'logins.json')

const logins = (host: Host) => storedSecrets(host, loginFile(host), LoginSchema)

/** Returns the name of a login in the file and in the keyring. */
const nameOf = ({ issuer, client_id }: Settings) => `login ${client_id} ${issuer}`

/** Reads the login at this issuer; undefined if there is none. Throws a Problem if the keyring holds the login and fails. */
export async function readLogin(host: Host, settings: Settings): Promise<StoredLogin | undefined> {
  const stored = await (await logins(host)).read(nameOf(settings))
  return stored && { login: stored.secret, place: stored.place }
}

/** Stores a login: in the keyring, or else in the file. Returns `keyring` or the path of the file. Replaces an earlier login completely. */
export const saveLogin = async (host: Host, settings: Settings, login: Login, keyring?: Keyring): Promise<string> =>
  (await logins(host)).save(nameOf(settings), login, keyring)

/** Removes a login from the file and from the keyring. */
export const removeLogin = async (host: Host, settings: Settings): Promise<void> => (await logins(host)).remove(nameOf(settings))

/** The size of the test file: at least that of a login. */
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
