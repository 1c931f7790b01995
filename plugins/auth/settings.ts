import { type Host, Problem, readBlock } from 'ainative-code'
import * as z from 'zod'
import { isLocal } from '../providers/index.ts'

const DEFAULT_CLIENT_ID = 'ainative-code-cli'

/** Returns the schema of a word without spaces: header values and URLs cannot contain other characters. */
const word = () => z.string().regex(/^[\x21-\x7e]+$/, 'expected one word of ASCII characters')

const Words = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value))
  .pipe(z.array(word()).min(1, 'expected at least one scope'))

/** The schema of the block `platform.authentication`. */
export const SettingsSchema = z
  .object({
    issuer: z.string().superRefine((text, { addIssue }) => {
      const isDocument = text.includes('/.well-known/')
      const mistake = isDocument ? 'expected the URL of the issuer, without /.well-known/…' : addressMistake(text)
      if (mistake) addIssue({ code: 'custom', message: mistake })
    }),
    client_id: word(),
    scopes: Words,
    audience: word(),
  })
  .partial()

/** The settings of a login. */
export interface Settings {
  issuer: string
  client_id: string
  /** Absent without a setting. */
  scopes?: string[]
  audience?: string
}

/** Reads the settings. Throws a Problem without an issuer, and for an invalid value. */
export function settingsOf(host: Pick<Host, 'block' | 'fileOf'>): Settings {
  const { issuer, client_id = DEFAULT_CLIENT_ID, scopes, audience } = readBlock(host, 'platform.authentication', SettingsSchema)
  if (issuer !== undefined) return { issuer, client_id, scopes, audience }
  throw new Problem('config', 'no login issuer is configured', {
    hint: 'ainative-code config set platform.authentication.issuer https://login.example.com',
  })
}

/** Returns the reason why tokens must not be sent to this address; undefined for https, and for http on this machine. */
export function addressMistake(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return 'expected a URL such as https://login.example.com'
  if (url.protocol === 'http:' && !isLocal(url)) return 'expected https: tokens are sent to this address'
  return url.username || url.password ? 'expected a URL without a user name and password' : undefined
}
