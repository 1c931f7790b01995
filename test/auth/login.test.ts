import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { expect, test } from 'vitest'
import { type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { okHere, runHere } from '../helpers/here.ts'
import { browse, browserOf, CLIENT, logIn, loginsOf, openedUrl, openOidc, useIssuer } from '../helpers/oidc.ts'
import { expectProblem } from '../helpers/problem.ts'
import { until } from '../helpers/until.ts'

const ready = async () => {
  const issuer = await openOidc()
  const home = makeHome()
  useIssuer(home, issuer.url)
  return { issuer, home }
}

/** Starts a login, and gives the address that its browser was opened with. */
async function started(home: Home) {
  const run = home.runWith({ env: browserOf(home) }, 'auth', 'login')
  const url = new URL(await openedUrl(home))
  const callback = (parameters: Record<string, string>) => `${url.searchParams.get('redirect_uri')}?${new URLSearchParams(parameters)}`
  return { run, url, state: url.searchParams.get('state') ?? '', callback }
}

/** The callback of a user who logs in, which the browser has not opened. */
const heldCallback = async (url: URL) => new URL((await browse(url.href, { stopBefore: /\/callback\?/ })).url)

test('a login in the browser lasts until the logout, which revokes it, and no output has a token', async () => {
  const { issuer, home } = await ready()
  const login = await logIn(home)
  expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining(`Logged in at ${issuer.url} as alice\nStored in ${home.dir}`) })
  expect(login.stderr).toContain(`only you can read\nLog in with your browser: ${issuer.url}/auth?`)
  expect(fs.statSync(home.path('.local/state/ainative-code/logins.json')).mode & 0o777).toBe(0o600)
  expect(await here(home).json('auth', 'status', '--json')).toMatchObject({
    ...{ issuer: issuer.url, client_id: CLIENT, logged_in: true, subject: 'alice', refreshable: true },
    ...{ scopes: ['openid', 'profile', 'email', 'offline_access'], expires_at: expect.stringMatching(/^20.*Z$/) },
  })
  expect(await here(home).json('auth', 'whoami', '--json')).toEqual({
    issuer: issuer.url,
    subject: 'alice',
    name: 'alice',
    email: 'alice@example.com',
  })
  const token = (await okHere(home, 'auth', 'token')).trim()
  expect(issuer.tokens).toContain(token)
  const shown = [login, await runHere(home, 'auth', 'status', '--json'), await runHere(home, 'auth', 'whoami', '--debug')]
  const logout = await home.run('auth', 'logout', '--json')
  expect(JSON.parse(logout.stdout)).toEqual({ issuer: issuer.url, revoked: true })
  for (const secret of issuer.tokens) for (const { stdout, stderr } of [...shown, logout]) expect(stdout + stderr).not.toContain(secret)
  for (const secret of issuer.tokens) expect(await issuer.isActive(secret)).toBe(false)
  expect(loginsOf(home)).toBe('')
  expectProblem(await runHere(home, 'auth', 'token'), 1, `nobody is logged in at ${issuer.url}\nhint: ainative-code auth login`)
  expect(await home.run('auth', 'status')).toMatchObject({ code: 1, stdout: expect.stringContaining('Not logged in') })
})

test('the request has PKCE, state and nonce, and the audience reaches each endpoint', async () => {
  const issuer = await openOidc({
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: '', audience: 'urn:test', accessTokenFormat: 'opaque', accessTokenTTL: 60 }),
        useGrantedResource: () => true,
      },
    },
  })
  const home = makeHome()
  useIssuer(home, issuer.url, '    audience: urn:test\n    scopes: openid offline_access\n')
  const { run, url } = await started(home)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    ...{ client_id: CLIENT, response_type: 'code', code_challenge_method: 'S256', scope: 'openid offline_access', prompt: 'consent' },
    ...{ audience: 'urn:test', resource: 'urn:test', redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/) },
    ...{
      code_challenge: expect.stringMatching(/^.{43}$/),
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
    },
  })
  await browse(url.href)
  expect((await run).code).toBe(0)
  expect(issuer.tokenRequests[0]?.get('resource')).toBe('urn:test')
  // A token for another server is not valid at the issuer.
  const whoami = await home.run('auth', 'whoami')
  expect(whoami).toMatchObject({ code: 0, stdout: 'alice\n', stderr: expect.stringMatching(/^the issuer did not answer/) })
})

/** Requests the page of a login as this host. */
const statusAs = (address: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) =>
    http.get(address, { headers: { host }, agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject),
  )

test('callbacks of others change nothing: a wrong state, another host or path, a second callback', async () => {
  const { home } = await ready()
  const { run, url, state, callback } = await started(home)
  const statusOf = async (address: string, init?: RequestInit) => (await fetch(address, init)).status
  expect(await statusOf(callback({ code: 'x', state: 'wrong' }))).toBe(400)
  expect(await statusOf(callback({ error: 'access_denied' }))).toBe(400)
  expect(await statusOf(callback({ code: 'x', state }), { method: 'POST' })).toBe(404)
  expect(await statusOf(callback({ code: 'x', state }).replace('/callback', '/other'))).toBe(404)
  expect(await statusAs(callback({ code: 'x', state }), 'evil.example')).toBe(404)
  const right = await heldCallback(url)
  const [first, second] = await Promise.all([fetch(right), fetch(right).catch(() => undefined)])
  expect(await first.text()).toContain('You are logged in')
  expect(second?.status ?? 400).toBe(400)
  const { code, stdout, stderr } = await run
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('as alice') })
  expect(stderr.match(/ignored a callback of another login/g)).toHaveLength(2)
})

/** What a browser brings to a login, from the right callback. */
const CALLBACKS: [name: string, change: (callback: URL) => void | Promise<void>, said: RegExp][] = [
  ['another issuer', (callback) => callback.searchParams.set('iss', 'https://evil.example'), /invalid response from .*: unexpected "iss"/],
  ['no issuer', (callback) => callback.searchParams.delete('iss'), /parameter "iss" \(issuer\) missing/],
  ['an unknown code', (callback) => callback.searchParams.set('code', 'x'.repeat(43)), /refused the request: invalid_grant/],
  [
    'a hostile error',
    (callback) => {
      callback.searchParams.delete('code')
      callback.searchParams.set('error', 'server_error')
      callback.searchParams.set('error_description', `\x1b]0;x\x07\n${callback.searchParams.get('state')} ${'long '.repeat(99)}`)
    },
    /refused the request: server_error: ␛\]0;x␇ \*\*\* long/,
  ],
]

test.each(CALLBACKS)('a callback with %s ends the login, and nothing is stored', async (_, change, said) => {
  const { home } = await ready()
  const { run, url } = await started(home)
  const callback = await heldCallback(url)
  await change(callback)
  const response = await fetch(callback)
  expect({ status: response.status, text: await response.text() }).toEqual({
    status: 400,
    text: expect.stringContaining('The login failed'),
  })
  expectProblem(await run, 1, said)
  expect(loginsOf(home)).toBe('')
})

test('a page that is closed too early does not stop the login', async () => {
  const { issuer, home } = await ready()
  const { run, url } = await started(home)
  const callback = await heldCallback(url)
  const page = http.get(callback, { agent: false }).on('error', () => undefined)
  issuer.answering = async (path) => {
    if (path !== '/token') return
    page.destroy()
    await new Promise((resolve) => page.on('close', resolve))
    // The program has noticed by the time that it answers a later request.
    await fetch(`${callback.origin}/other`)
  }
  expect(await run).toMatchObject({ code: 0, stdout: expect.stringContaining('as alice') })
})

test('the code of another client is refused', async () => {
  const { home } = await ready()
  const { run, url, callback, state } = await started(home)
  const other = new URL(url)
  other.searchParams.set('client_id', 'another-client')
  const stolen = await heldCallback(other)
  await fetch(callback({ code: stolen.searchParams.get('code') ?? '', iss: stolen.searchParams.get('iss') ?? '', state }))
  expectProblem(await run, 1, 'refused the request: invalid_grant')
  expect(loginsOf(home)).toBe('')
})

test('a user who denies ends the login', async () => {
  const { home } = await ready()
  const { run, url } = await started(home)
  expect((await browse(url.href, { deny: true })).text).toContain('The login failed')
  expectProblem(await run, 1, /the login was denied at http/)
})

/** An ID token with other claims. Its signature is wrong then, and no attack needs it: the connection to the issuer is trusted. */
const changedToken = (token: unknown, claims: object) => {
  const [head, body = '', signature] = String(token).split('.')
  const changed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...claims }
  return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}

test.each([
  ['nonce', { nonce: 'x' }, /invalid response from .*: unexpected ID Token "nonce"/],
  ['iss', { iss: 'https://evil.example' }, /invalid response from .*: unexpected JWT "iss"/],
  ['aud', { aud: 'another-client' }, /invalid response from .*: unexpected JWT "aud"/],
  ['exp', { exp: 1 }, /sent an ID token that is not valid at this time\nhint: set the clock/],
])('an ID token with another %s is refused', async (_, claims, said) => {
  const { issuer, home } = await ready()
  issuer.answering = (path, body) => {
    if (path === '/token') body.id_token = changedToken(body.id_token, claims)
  }
  expectProblem(await logIn(home), 1, said)
  expect(loginsOf(home)).toBe('')
})

test('a wrong clock is named, with the difference', async () => {
  const { issuer, home } = await ready()
  const clock = home.write('clock.cjs', 'const now = Date.now; Date.now = () => now() + 3600_000')
  expectProblem(
    await logIn(home, [], { NODE_OPTIONS: `--require ${clock}` }),
    1,
    `this machine is 60 minutes ahead of the clock of ${issuer.url}`,
  )
})

test('Ctrl-C closes the port and leaves no login', async () => {
  const { home } = await ready()
  const child = startCli(['auth', 'login'], { cwd: home.dir, env: { ...home.env, ...browserOf(home) } })
  const url = new URL(await openedUrl(home))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  await expect(fetch(String(url.searchParams.get('redirect_uri')))).rejects.toThrow()
  expect(loginsOf(home)).toBe('')
})

test('$BROWSER is a list: the first command that works gets the address', async () => {
  const { home } = await ready()
  const { BROWSER } = browserOf(home)
  const run = home.runWith({ env: { BROWSER: `/none/there:false:sh -c '"${BROWSER}" "$1"' x "%s"` } }, 'auth', 'login')
  await browse(await openedUrl(home))
  expect((await run).code).toBe(0)
  const none = startCli(['auth', 'login'], { cwd: home.dir, env: { ...home.env, BROWSER: 'false' } })
  let stderr = ''
  none.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  await until('the note', () => stderr.includes('no browser could be opened'))
  const [, address = ''] = /browser: (\S+)/.exec(stderr) ?? []
  await browse(address)
  expect(await once(none, 'exit')).toEqual([0, null])
})

test('a second login replaces the first, and a logout without the issuer says that nothing is revoked', async () => {
  const { issuer, home } = await ready()
  await logIn(home)
  await logIn(home)
  expect(Object.keys(JSON.parse(loginsOf(home)))).toEqual([`login ${CLIENT} ${issuer.url}`])
  home.write('.local/state/ainative-code/logins.json', loginsOf(home).replaceAll(issuer.url, 'http://127.0.0.1:9'))
  useIssuer(home, 'http://127.0.0.1:9')
  const { code, stderr } = await runHere(home, 'auth', 'logout')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('the login was removed from this machine, but not revoked: no server listens'),
  })
  expect(loginsOf(home)).toBe('')
})
