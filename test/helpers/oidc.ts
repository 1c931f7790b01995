import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished } from 'vitest'
import type { Home } from './cli.ts'
import { USER_CONFIG } from './plugins.ts'
import { until } from './until.ts'

/** A real issuer on loopback, for one test. */
export interface TestIssuer {
  url: string
  /** The bodies of the requests to the token endpoint. */
  tokenRequests: URLSearchParams[]
  /** The tokens that the issuer sent. The program must not print them. */
  tokens: string[]
  /** Called with the path and the body of each answer before it is sent; may change the body or wait. */
  answering?: (path: string, body: Record<string, unknown>) => void | Promise<void>
  /** True if the issuer still accepts a token. */
  isActive(token: string): Promise<boolean>
  close(): void
}

/** The id of the client of the program. */
export const CLIENT = 'ainative-code-cli'
const OTHER_CLIENT = 'another-client'

/** Starts an issuer. `ttl` is the life of an access token in seconds; `features` are those of oidc-provider. */
export async function openOidc({ ttl = 3600, features = {}, codeTtl = 60 } = {}): Promise<TestIssuer> {
  const server = http.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(url, configuration({ ttl, features, codeTtl }))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(close)
  const issuer: TestIssuer = {
    ...{ url, tokenRequests: [], tokens: [], close },
    async isActive(token) {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.RefreshToken.find(token))
      return found?.isValid ?? false
    },
  }
  // biome-ignore lint/suspicious/noExplicitAny: a context of koa, which has no types here
  provider.use(async (context: any, next: () => Promise<void>) => {
    await next()
    const { path, body } = context
    if (path === '/token') issuer.tokenRequests.push(new URLSearchParams(context.oidc?.body))
    for (const name of ['access_token', 'refresh_token', 'id_token']) if (body?.[name]) issuer.tokens.push(body[name])
    // The default of five seconds would slow down each test.
    if (path === '/device/auth' && body) body.interval = 1
    await issuer.answering?.(path, body)
  })
  server.on('request', provider.callback())
  return issuer
}

/**
 * Makes a key by way of a PEM text. To export the object that `generateKeyPairSync` returns as JWK can block the process for ever: Node 20
 * holds the lock of the key meanwhile, and waits for the same lock if the garbage collector then removes the job that made the key.
 */
function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return createPrivateKey(privateKey).export({ format: 'jwk' })
}

function configuration({ ttl, features, codeTtl }: { ttl: number; features: object; codeTtl: number }) {
  const hasDevice = !('deviceFlow' in features)
  const client = (client_id: string) => ({
    ...{ client_id, application_type: 'native', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
    ...{ redirect_uris: ['http://127.0.0.1/callback'], response_types: ['code'] },
    grant_types: ['authorization_code', 'refresh_token', ...(hasDevice ? ['urn:ietf:params:oauth:grant-type:device_code'] : [])],
  })
  return {
    jwks: { keys: [{ ...signingKey(), kid: 'one', alg: 'ES256', use: 'sig' }] },
    clients: [client(CLIENT), client(OTHER_CLIENT)],
    cookies: { keys: ['a key for the cookies of a test'] },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the test`, preferred_username: id, email: `${id}@example.com` }),
    }),
    ttl: { AccessToken: ttl, DeviceCode: codeTtl, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600, IdToken: 600 },
    rotateRefreshToken: true,
    features: {
      ...{ devInteractions: { enabled: true }, deviceFlow: { enabled: true }, revocation: { enabled: true, allowedPolicy: () => true } },
      ...features,
    },
  }
}

/** Configures the issuer of a home. */
export const useIssuer = (home: Home, url: string, more = '') =>
  home.write(USER_CONFIG, `platform:\n  authentication:\n    issuer: ${url}\n${more}`)

/** Returns an environment in which a login passes its URL to `openedUrl`. */
export const browserOf = (home: Home) => {
  fs.writeFileSync(
    home.path('browser'),
    `#!/bin/sh\nprintf %s "$1" > "${home.dir}/url.new"\nmv "${home.dir}/url.new" "${home.dir}/url"\n`,
    {
      mode: 0o755,
    },
  )
  return { BROWSER: home.path('browser') }
}

/** Waits until the browser of a home is opened, and returns the URL. */
export async function openedUrl(home: Home): Promise<string> {
  const url = await until('the browser', () => fs.existsSync(home.path('url')) && home.read('url'))
  fs.rmSync(home.path('url'))
  return url
}

const LOGINS = '.local/state/ainative-code/logins.json'

/** Returns the text of the file with the logins of a home; empty if there is no file. */
export const loginsOf = (home: Home) => (fs.existsSync(home.path(LOGINS)) ? home.read(LOGINS) : '')

/** Changes the only login in the file of a home: by default, its access token has expired. */
export function changeLogin(home: Home, change: object = { expires_at: 1 }): void {
  const [[name = '', login] = []] = Object.entries(JSON.parse(loginsOf(home)))
  home.write(LOGINS, JSON.stringify({ [name]: { ...(login as object), ...change } }))
}

/** Runs `auth login`, and logs in as a user in the browser. */
export async function logIn(home: Home, flags: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const run = home.runWith({ env: { ...browserOf(home), ...env } }, 'auth', 'login', ...flags)
  const failed = run.then(({ stderr }) => Promise.reject(new Error(`no browser was opened: ${stderr}`)))
  await browse(await Promise.race([openedUrl(home), failed]))
  failed.catch(() => undefined)
  return run
}

/** Adds a user to the browser of a home: the user logs in whenever a page opens. */
export function addUser(home: Home): void {
  Object.assign(home.env, browserOf(home))
  const timer = setInterval(() => {
    if (fs.existsSync(home.path('url'))) void openedUrl(home).then((url) => browse(url))
  }, 20)
  onTestFinished(() => clearInterval(timer))
}

/** The cookies and the address of a browser. */
interface Browser {
  cookies: Map<string, string>
  url: string
}

/**
 * Follows the pages of the issuer as a user does: logs in, and consents. Returns the page at the end, which is the page of the program
 * unless `stopBefore` has matched an address.
 */
export async function browse(
  url: string,
  { user = 'alice', stopBefore = /^$/, deny = false } = {},
): Promise<{ url: string; text: string }> {
  const browser: Browser = { cookies: new Map(), url }
  let form: URLSearchParams | undefined
  let isDenied = false
  for (let pages = 0; pages < 30; pages++) {
    if (stopBefore.test(browser.url)) return { url: browser.url, text: '' }
    const response = await load(browser, form)
    const location = response.headers.get('location')
    form = undefined
    const text = await response.text()
    if (location) {
      browser.url = new URL(location, browser.url).href
      continue
    }
    if (isDenied) return { url: browser.url, text }
    const action = deny && /href="([^"]*\/abort)"/.exec(text)?.[1]
    const next = action ? undefined : formOf(text, user)
    if (!action && !next) return { url: browser.url, text }
    browser.url = new URL(String(action || next?.action).replaceAll('&amp;', '&'), browser.url).href
    form = next?.fields
    isDenied = Boolean(action)
  }
  throw new Error(`the pages of ${url} do not end`)
}

async function load({ cookies, url }: Browser, form?: URLSearchParams): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, { method: form ? 'POST' : 'GET', body: form, redirect: 'manual', headers: cookie ? { cookie } : {} })
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
    if (value) cookies.set(name, value)
    else cookies.delete(name)
  }
  return response
}

function formOf(text: string, user: string): { action: string; fields: URLSearchParams } | undefined {
  const [form, action] = /<form[^>]*action="([^"]*)"[\s\S]*?<\/form>/.exec(text) ?? []
  if (!form || !action) return undefined
  const fields = new URLSearchParams()
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  if (fields.has('login')) fields.set('login', user)
  if (fields.has('password')) fields.set('password', 'any')
  return { action, fields }
}
