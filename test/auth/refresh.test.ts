import { once } from 'node:events'
import { expect, test } from 'vitest'
import { here, makeHome, startCli } from '../helpers/cli.ts'
import { serve } from '../helpers/http.ts'
import { changeLogin, logIn, loginsOf, openOidc, type TestIssuer, useIssuer } from '../helpers/oidc.ts'
import { expectProblem } from '../helpers/problem.ts'

async function loggedIn() {
  const issuer = await openOidc()
  const home = makeHome()
  useIssuer(home, issuer.url)
  await logIn(home)
  const refreshes = () => issuer.tokenRequests.filter((body) => body.get('grant_type') === 'refresh_token').length
  return { issuer, home, refreshes }
}

test('processes that need a token at once refresh it once', async () => {
  const { issuer, home, refreshes } = await loggedIn()
  const near = here(home)
  const old = await near.ok('auth', 'token')
  changeLogin(home)
  const tokens = await Promise.all(Array.from({ length: 4 }, () => home.ok('auth', 'token')))
  expect(new Set(tokens).size).toBe(1)
  expect(tokens[0]).not.toBe(old)
  expect(refreshes()).toBe(1)
  expect(await issuer.isActive(String(tokens[0]).trim())).toBe(true)
  // Half of the life of a short token is left.
  changeLogin(home, { lifetime: 10_000, expires_at: Date.now() + 600_000 })
  expect(await near.ok('auth', 'token')).toBe(tokens[0])
  changeLogin(home, { lifetime: 100_000, expires_at: Date.now() + 20_000 })
  expect(await near.ok('auth', 'token')).not.toBe(tokens[0])
  expect(refreshes()).toBe(2)
})

/** Holds the next answer to this path until `release`; `reached` resolves once it was asked for. */
function holdAnswer(issuer: TestIssuer, held: string) {
  let go = () => {}
  const reached = new Promise<void>((resolve) => {
    issuer.answering = async (path) => {
      if (path !== held) return
      issuer.answering = undefined
      resolve()
      await new Promise<void>((release) => (go = release))
    }
  })
  return { reached, release: () => go() }
}

test('a process that is killed while it holds the lock stops no other', async () => {
  const { issuer, home, refreshes } = await loggedIn()
  changeLogin(home)
  const { reached, release } = holdAnswer(issuer, '/.well-known/openid-configuration')
  const child = startCli(['auth', 'token'], { cwd: home.dir, env: home.env })
  await reached
  const waiting = home.ok('auth', 'token')
  child.kill('SIGKILL')
  await once(child, 'exit')
  release()
  expect(issuer.tokens).toContain((await waiting).trim())
  expect(refreshes()).toBe(1)
})

test('a process that is killed before it stores its new tokens ends the login, which is said plainly', async () => {
  const { issuer, home } = await loggedIn()
  changeLogin(home)
  const { reached, release } = holdAnswer(issuer, '/token')
  const child = startCli(['auth', 'token'], { cwd: home.dir, env: home.env })
  await reached
  child.kill('SIGKILL')
  await once(child, 'exit')
  release()
  expectProblem(await home.run('auth', 'token'), 1, `the login at ${issuer.url} has ended\nhint: ainative-code auth login\n`)
  expectProblem(await here(home).run('auth', 'token'), 1, 'nobody is logged in')
  expect(loginsOf(home)).toBe('')
  await logIn(home)
  expect(issuer.tokens).toContain((await here(home).ok('auth', 'token')).trim())
})

test('Ctrl-C during a refresh loses no token', async () => {
  const { issuer, home } = await loggedIn()
  changeLogin(home)
  const { reached, release } = holdAnswer(issuer, '/token')
  const child = startCli(['auth', 'token'], { cwd: home.dir, env: home.env })
  await reached
  child.kill('SIGINT')
  release()
  // The answer may come before the signal does.
  const [code] = await once(child, 'exit')
  expect([0, 130]).toContain(code)
  expect(loginsOf(home)).toContain(issuer.tokens.findLast((token) => !token.startsWith('eyJ')))
  expect(issuer.tokens).toContain((await here(home).ok('auth', 'token')).trim())
})

test('without the issuer, a token is used until it expires', async () => {
  const { issuer, home: spawned } = await loggedIn()
  const home = here(spawned)
  const token = await spawned.ok('auth', 'token')
  issuer.close()
  changeLogin(home, { expires_at: Date.now() + 20_000 })
  expect(await home.ok('auth', 'token')).toBe(token)
  changeLogin(home)
  expectProblem(await home.run('auth', 'token'), 1, `no server listens at ${issuer.url}`)
  expect(await home.json('auth', 'status', '--json')).toMatchObject({ logged_in: true })
  changeLogin(home, { refresh_token: undefined })
  expectProblem(await home.run('auth', 'token'), 1, `the login at ${issuer.url} has expired`)
  expect(await home.run('auth', 'status')).toMatchObject({ code: 1, stdout: expect.stringContaining('no, the login has expired') })
})

test('while the issuer limits requests, a token is used until it expires', async () => {
  const { issuer, home: spawned } = await loggedIn()
  const home = here(spawned)
  const token = await home.ok('auth', 'token')
  const limiting = await serve((response, count) => {
    const isMetadata = count % 2 === 1
    response.writeHead(isMetadata ? 200 : 429, { 'content-type': 'application/json' })
    const metadata = { issuer: limiting.url, token_endpoint: `${limiting.url}/token` }
    response.end(JSON.stringify(isMetadata ? metadata : { error: 'access_denied', error_description: 'Too many requests' }))
  })
  home.write('.local/state/ainative-code/logins.json', loginsOf(home).replaceAll(issuer.url, limiting.url))
  useIssuer(home, limiting.url)
  changeLogin(home, { expires_at: Date.now() + 20_000 })
  expect(await home.ok('auth', 'token')).toBe(token)
  changeLogin(home)
  const says = `${limiting.url} accepts no more requests at the moment: access_denied: Too many requests\nhint: run the command again later`
  expectProblem(await home.run('auth', 'token'), 1, says)
  expect(await home.json('auth', 'status', '--json')).toMatchObject({ logged_in: true })
})

test.each([500, 502, 503])('a fault of the issuer (%i) keeps the login, and says to try again later', async (status) => {
  const { issuer, home: spawned } = await loggedIn()
  const home = here(spawned)
  let hasMetadata = true
  const failing = await serve((response, count) => {
    const isMetadata = hasMetadata && count % 2 === 1
    response.writeHead(isMetadata ? 200 : status, { 'content-type': isMetadata ? 'application/json' : 'text/html' })
    response.end(isMetadata ? JSON.stringify({ issuer: failing.url, token_endpoint: `${failing.url}/token` }) : '<h1>Sorry</h1>')
  })
  home.write('.local/state/ainative-code/logins.json', loginsOf(home).replaceAll(issuer.url, failing.url))
  useIssuer(home, failing.url)
  changeLogin(home)
  const says = `error: ${failing.url} failed with HTTP ${status}\nhint: run the command again later; a stored login is kept\n`
  expectProblem(await home.run('auth', 'token'), 1, says)
  hasMetadata = false
  expectProblem(await home.run('auth', 'token'), 1, says)
  expect(await home.json('auth', 'status', '--json')).toMatchObject({ logged_in: true })
})

test('the tokens of another user are refused', async () => {
  const { issuer, home } = await loggedIn()
  changeLogin(home, { expires_at: 1, subject: 'bob' })
  expectProblem(await home.run('auth', 'token'), 1, `${issuer.url} sent the tokens of another user`)
})
