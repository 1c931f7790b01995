import { oneLine } from 'ainative-code'
import type { Settings } from './settings.ts'
import type { StoredLogin } from './store.ts'

/** The fields of a login that commands print: all except its tokens. */
export interface LoginFields {
  issuer: string
  client_id: string
  logged_in: boolean
  subject?: string
  name?: string
  scopes?: string[]
  /** When the access token expires: ISO 8601 UTC. */
  expires_at?: string
  /** True if a refresh token continues the login after the access token expires. */
  refreshable?: boolean
  /** `keyring`, or the path of a file. */
  storage?: string
}

/** Returns the printable fields of a login. */
export function loginFields({ issuer, client_id }: Settings, stored: StoredLogin | undefined): LoginFields {
  if (!stored) return { issuer, client_id, logged_in: false }
  const { subject, name, scopes, expires_at, refresh_token } = stored.login
  const refreshable = refresh_token !== undefined
  const isValid = expires_at === undefined || Date.now() < expires_at
  const expires = expires_at === undefined ? undefined : new Date(expires_at).toISOString()
  return {
    issuer,
    client_id,
    logged_in: refreshable || isValid,
    subject,
    name,
    scopes,
    expires_at: expires,
    refreshable,
    storage: stored.place,
  }
}

/** Returns the name of the user for a line of text. The issuer chose the name, so it may contain any characters. */
export const userText = ({ name, subject }: Pick<LoginFields, 'name' | 'subject'>) => oneLine(name || subject || '')
