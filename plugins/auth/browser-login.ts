import { type Context, Problem } from 'ainative-code'
import { loginOf } from './fresh-login.ts'
import { audienceParameters, type Issuer, isOpenId, loginParameters, pageAddress } from './issuer.ts'
import { type Callback, type Loopback, openLoopback } from './loopback.ts'
import { openBrowser } from './open-browser.ts'
import type { Login } from './store.ts'

/** The time limit of a login, in minutes. */
const TIMEOUT_MINUTES = 10

/** Logs in with the authorization code flow and PKCE: opens the browser, and waits for the redirect of the issuer. */
export async function browserLogin(issuer: Issuer, context: Context): Promise<Login> {
  const { randomState, randomNonce, randomPKCECodeVerifier } = await import('openid-client')
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
  const loopback = await openLoopback(state, context.note)
  const ended = new AbortController()
  try {
    const url = await authorizationUrl(issuer, { state, nonce, verifier }, loopback)
    context.note(`Log in with your browser: ${url}`)
    const fail = () => context.note('no browser could be opened; open the address above yourself')
    openBrowser(url, { env: context.host.env, signal: ended.signal, fail })
    context.progress('waiting for the browser …')
    const callback = await waitForCallback(loopback.callback, context.signal)
    return await exchange(issuer, { state, nonce, verifier }, callback)
  } finally {
    context.progress('')
    ended.abort()
    loopback.close()
  }
}

/** The secrets of one login. */
interface LoginSecrets {
  state: string
  nonce: string
  verifier: string
}

const authorizationUrl = (issuer: Issuer, { state, nonce, verifier }: LoginSecrets, { redirectUri }: Loopback): Promise<string> =>
  issuer.call(async ({ buildAuthorizationUrl, calculatePKCECodeChallenge }) => {
    const parameters = {
      ...loginParameters(issuer),
      ...{ redirect_uri: redirectUri, state, nonce },
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    return pageAddress(buildAuthorizationUrl(issuer.config, parameters).href)
  })

/** Waits for the redirect. Rejects at Ctrl-C, and at the time limit. */
async function waitForCallback(callback: Promise<Callback>, signal: AbortSignal): Promise<Callback> {
  signal.throwIfAborted()
  let end = () => {}
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined)
  })
  const timer = setTimeout(end, TIMEOUT_MINUTES * 60_000)
  signal.addEventListener('abort', end)
  const found = await Promise.race([callback, ended])
  clearTimeout(timer)
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  if (found) return found
  throw new Problem('login-refused', `the login was not completed within ${TIMEOUT_MINUTES} minutes`, {
    hint: 'ainative-code auth login starts again',
  })
}

/** Exchanges the code of the callback for tokens, and shows the result in the browser. */
async function exchange(issuer: Issuer, { state, nonce, verifier }: LoginSecrets, { url, answer }: Callback): Promise<Login> {
  const secrets = [url.searchParams.get('code') ?? undefined, verifier, state, nonce]
  const checks = {
    expectedState: state,
    expectedNonce: isOpenId(loginParameters(issuer)) ? nonce : undefined,
    pkceCodeVerifier: verifier,
    idTokenExpected: isOpenId(loginParameters(issuer)),
  }
  try {
    const login = await issuer.call(async ({ authorizationCodeGrant }) => {
      const tokens = await authorizationCodeGrant(issuer.config, url, checks, audienceParameters(issuer.settings))
      return loginOf(tokens, issuer.settings)
    }, secrets)
    await answer(true)
    return login
  } catch (error) {
    await answer(false)
    throw error
  }
}
