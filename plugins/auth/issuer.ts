import type * as Oidc from 'openid-client'
import { createIssuerFetch } from './issuer-fetch.ts'
import { loginProblem, type OAuthProblems } from './login-problem.ts'
import { addressMistake, type Settings } from './settings.ts'

/** The time limit of one request, in seconds. */
const TIMEOUT_S = 30

/** An issuer whose metadata is known. */
export interface Issuer {
  settings: Settings
  config: Oidc.Configuration
  metadata: ReturnType<Oidc.Configuration['serverMetadata']>
  /**
   * Sends a request. A failure becomes a Problem whose message contains none of the `secrets`; `answers` has the Problems for some of the
   * issuer's own error codes.
   */
  call<T>(work: (oidc: typeof Oidc) => Promise<T>, secrets?: (string | undefined)[], answers?: OAuthProblems): Promise<T>
}

/** Reads the metadata of the issuer. `signal` aborts this request and all later requests. */
export async function openIssuer(settings: Settings, signal?: AbortSignal): Promise<Issuer> {
  const oidc = await import('openid-client')
  const { fetch, clockDifference } = createIssuerFetch(signal)
  const call: Issuer['call'] = async (work, secrets = [], answers) => {
    try {
      return await work(oidc)
    } catch (error) {
      signal?.throwIfAborted()
      throw loginProblem(error, { issuer: settings.issuer, secrets, answers, clockDifference: clockDifference() })
    }
  }
  const config = await call(() => discover(oidc, settings, fetch))
  return { settings, config, metadata: config.serverMetadata(), call }
}

async function discover(oidc: typeof Oidc, { issuer, client_id }: Settings, fetch: Oidc.CustomFetch): Promise<Oidc.Configuration> {
  const options: Oidc.DiscoveryRequestOptions = { [oidc.customFetch]: fetch, timeout: TIMEOUT_S }
  // The fetch checks each address itself: http is allowed on this machine only.
  if (new URL(issuer).protocol === 'http:') options.execute = [oidc.allowInsecureRequests]
  const read = (algorithm: 'oidc' | 'oauth2') =>
    oidc.discovery(new URL(issuer), client_id, undefined, oidc.None(), { ...options, algorithm })
  return read('oidc').catch((error) => {
    // An OAuth 2.0 server without OpenID Connect has its metadata at another path.
    if (error?.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return read('oauth2')
    throw error
  })
}

const DEFAULT_SCOPES = ['openid', 'profile', 'email', 'offline_access']

/** Returns the parameters of a login request: scopes, prompt and audience. */
export function loginParameters({ settings, metadata }: Issuer): Record<string, string> {
  const { scopes_supported: supported } = metadata
  const scopes = settings.scopes ?? DEFAULT_SCOPES.filter((scope) => supported?.includes(scope) ?? true)
  return {
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    // OpenID Connect ignores offline_access, which asks for a refresh token, unless the user consents.
    ...(scopes.includes('offline_access') && { prompt: 'consent' }),
    ...audienceParameters(settings),
  }
}

/** Returns the parameters that name the server for which the token is issued: `resource` of RFC 8707, and `audience`, which older issuers read. */
export const audienceParameters = ({ audience }: Settings): Record<string, string> =>
  audience === undefined ? {} : { audience, ...(URL.canParse(audience) && { resource: audience }) }

/** True if the issuer sends an ID token, which a login must then contain. */
export const isOpenId = (parameters: Record<string, string>) => parameters.scope?.split(' ').includes('openid') ?? false

/** Returns the URL of a page of the issuer, in a form that is safe for a terminal and a command line. Throws for an unsafe URL. */
export function pageAddress(text: string): string {
  const mistake = addressMistake(text)
  if (mistake) throw new Error(`its login page has an unsafe address: ${mistake}`)
  return new URL(text).href
}
