import { type Host, Problem } from 'ainative-code'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import { openKeyring } from '../keyring/index.ts'
import { audienceParameters, type Issuer, openIssuer } from './issuer.ts'
import { withLock } from './lock.ts'
import { type Settings, settingsOf } from './settings.ts'
import { type Login, readLogin, removeLogin, type StoredLogin, saveLogin, testLoginFile } from './store.ts'

/** A token is refreshed so many milliseconds before it expires, or after half of its lifetime if that is shorter. */
const MARGIN_MS = 60_000

/** Returns the access token of the current login; see `accessToken` of the plugin. */
export const accessToken = async (host: Host, signal: AbortSignal): Promise<string> => (await freshLogin(host, signal)).login.access_token

/** Returns the current login, and refreshes a token that is about to expire. Throws a Problem if there is no login, or if it has ended. */
export async function freshLogin(host: Host, signal: AbortSignal): Promise<StoredLogin> {
  const settings = settingsOf(host)
  const found = await needLogin(host, settings)
  if (isFresh(found.login)) return found
  // A refresh token that is used twice ends the login, so only one process may use it.
  const fresh = await withLock(host, signal, async () => {
    const stored = await needLogin(host, settings)
    return isFresh(stored.login) ? stored : refresh(host, settings, stored, signal)
  })
  signal.throwIfAborted()
  return fresh
}

async function needLogin(host: Host, settings: Settings): Promise<StoredLogin> {
  const stored = await readLogin(host, settings)
  if (stored) return stored
  throw noLogin(`nobody is logged in at ${settings.issuer}`)
}

/** The Problem of a missing login. */
export const noLogin = (message: string) => new Problem('no-login', message, { hint: 'ainative-code auth login' })

const isFresh = ({ expires_at = Number.POSITIVE_INFINITY, lifetime = MARGIN_MS }: Login) =>
  Date.now() < expires_at - Math.min(MARGIN_MS, lifetime / 2)

/** Refreshes a login and stores the result. */
async function refresh(host: Host, settings: Settings, { login, place }: StoredLogin, signal: AbortSignal): Promise<StoredLogin> {
  const isValid = Date.now() < (login.expires_at ?? 0)
  const { refresh_token: token } = login
  if (token === undefined) {
    if (isValid) return { login, place }
    throw noLogin(`the login at ${settings.issuer} has expired`)
  }
  const keyring = place === 'keyring' ? await openKeyring(host) : undefined
  if (!keyring) testLoginFile(host)
  try {
    const next = await requestTokens(host, settings, { ...login, refresh_token: token }, signal)
    return { login: next, place: await saveLogin(host, settings, next, keyring) }
  } catch (error) {
    // While the issuer cannot be reached, use the token as long as it is valid.
    if (isValid && error instanceof Problem && error.code === 'issuer') return { login, place }
    throw error
  }
}

/** A login with a refresh token. */
type Refreshable = Login & { refresh_token: string }

/**
 * Requests new tokens. The signal only ends the look-up of the issuer: an interrupt of the request would lose the new refresh token, and
 * with it the login.
 */
async function requestTokens(host: Host, settings: Settings, login: Refreshable, signal: AbortSignal): Promise<Login> {
  const issuer = await findIssuer(settings, signal)
  const secrets = [login.access_token, login.refresh_token]
  let hasEnded = false
  const invalid_grant = () => {
    hasEnded = true
    return noLogin(`the login at ${settings.issuer} has ended`)
  }
  try {
    const tokens = await issuer.call(
      (oidc) => oidc.refreshTokenGrant(issuer.config, login.refresh_token, audienceParameters(settings)),
      secrets,
      { invalid_grant },
    )
    return loginOf(tokens, settings, login)
  } catch (error) {
    if (hasEnded) await removeLogin(host, settings)
    throw error
  }
}

async function findIssuer(settings: Settings, signal: AbortSignal): Promise<Issuer> {
  const lookUp = new AbortController()
  const end = () => lookUp.abort(signal.reason)
  signal.addEventListener('abort', end)
  try {
    return await openIssuer(settings, lookUp.signal)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Converts new tokens to a login. A refresh may omit values, which are taken from `old`. Throws a Problem for invalid tokens. */
export function loginOf(tokens: TokenEndpointResponse & TokenEndpointResponseHelpers, { issuer }: Settings, old?: Login): Login {
  const { access_token, refresh_token = old?.refresh_token, scope } = tokens
  // Any other character could not be sent as a header or a password.
  if (!/^[\x21-\x7e]+$/.test(access_token)) throw new Problem('issuer', `${issuer} sent an access token with an invalid character`)
  const claims = tokens.claims()
  if (old?.subject !== undefined && claims && claims.sub !== old.subject)
    throw new Problem('issuer', `${issuer} sent the tokens of another user`, { hint: 'ainative-code auth login' })
  const names = [claims?.preferred_username, claims?.email, claims?.name].filter((each) => typeof each === 'string')
  return {
    ...{ access_token, refresh_token, scopes: scope?.split(' ') ?? old?.scopes },
    ...expiryOf(tokens.expiresIn()),
    ...{ subject: claims?.sub ?? old?.subject, name: names[0] ?? old?.name },
  }
}

/** The last time that a Date can hold, in milliseconds. */
const LAST_TIME = 8.64e15

/** Returns when a token expires. A lifetime that no date can hold, such as 2^63 - 1 seconds, means that the token does not expire. */
function expiryOf(seconds = Number.POSITIVE_INFINITY): Pick<Login, 'expires_at' | 'lifetime'> {
  const lifetime = seconds * 1000
  const expires_at = Date.now() + lifetime
  return expires_at <= LAST_TIME ? { expires_at, lifetime } : {}
}
