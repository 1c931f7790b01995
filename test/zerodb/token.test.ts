import { expect, test } from 'vitest'
import { createCertificate } from '../helpers/certificate.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { changeLogin, logIn, loginsOf, openOidc, useIssuer } from '../helpers/oidc.ts'
import { openPostgres, userOn } from '../helpers/postgres.ts'
import { expectProblem } from '../helpers/problem.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { openGateway } from '../helpers/token-gateway.ts'

/** A home whose user is logged in at an issuer, with a gateway that takes the tokens, in front of PostgreSQL. */
async function behindGateway(role: string) {
  const issuer = await openOidc({ features: { introspection: { enabled: true, allowedPolicy: () => true } } })
  const home = makeHome()
  const { cert, key } = createCertificate(home)
  const behind = await userOn(await openPostgres(), role)
  const gateway = await openGateway({ cert, key, issuer, endpoint: behind, user: 'alice' })
  const at = (host: string, parameters = '') =>
    `postgresql://${role}@${host}:${gateway.port}/postgres?sslrootcert=${encodeURIComponent(cert)}${parameters}`
  const configure = (endpoint: string, more = '') =>
    useIssuer(home, issuer.url, `services:\n  zerodb:\n    auth: token\n    endpoint: ${endpoint}\n${more}`)
  configure(at('0.0.0.0'))
  await logIn(home)
  return { issuer, home, gateway, behind, at, configure }
}

const sync = (home: Home) => here(home).run('session', 'sync')

test('the access token of the login is the password, refreshed before it expires, and refused once it is revoked', async () => {
  const { issuer, home, gateway, behind } = await behindGateway('token-ann')
  await seed(home, sample(1, { messages: talk('Hello', 'Hi') }))
  expect(await home.run('session', 'sync')).toEqual({ code: 0, stdout: 'Pushed 1 session and 2 messages; in sync\n', stderr: '' })
  const ping = await home.run('zerodb', 'ping', '--json')
  expect(JSON.parse(ping.stdout)).toMatchObject({ user: 'token-ann', tls_verified: true, sees: 'own' })
  const other = makeHome({ AINATIVE_ZERODB_ENDPOINT: behind })
  expect((await sync(other)).stdout).toBe('Pulled 1 session and 2 messages; in sync\n')

  changeLogin(home)
  expect(await sync(home)).toMatchObject({ code: 0, stdout: 'No changes; in sync\n' })
  const [first, last] = [gateway.passwords[0], gateway.passwords.at(-1)]
  expect(last).not.toBe(first)
  expect(loginsOf(home)).toContain(last)
  expect(issuer.tokenRequests.filter((body) => body.get('grant_type') === 'refresh_token')).toHaveLength(1)

  await fetch(`${issuer.url}/token/revocation`, {
    method: 'POST',
    body: new URLSearchParams({ token: String(last), client_id: 'ainative-code-cli' }),
  })
  const revoked = await sync(home)
  expectProblem(
    revoked,
    1,
    `0.0.0.0:${gateway.port} refused the access token for the user token-ann (the token is not valid)`,
    'hint: ainative-code auth login gets a new token; services.zerodb.endpoint has to name the user of this login',
  )
  gateway.reason = (token) => `no: ${token} ${token}`
  const repeated = await home.run('session', 'sync', '--debug')
  expectProblem(await sync(home), 1, 'for the user token-ann (no: *** ***)')
  for (const secret of issuer.tokens)
    for (const { stdout, stderr } of [ping, revoked, repeated]) expect(stdout + stderr).not.toContain(secret)
  expect(await here(home).run('auth', 'logout')).toMatchObject({ code: 0 })
  expectProblem(await sync(home), 1, `nobody is logged in at ${issuer.url}\nhint: ainative-code auth login`)
})

test('a token goes to the configured endpoint alone, and only over verified TLS', async () => {
  const { home, gateway, at, configure } = await behindGateway('token-ben')
  const insecure = '    allow_insecure: true\n'
  for (const [endpoint, more, says] of [
    [at('127.0.0.1'), '', `an access token is only sent over verified TLS, and 127.0.0.1:${gateway.port} has sslmode disable`],
    [at('0.0.0.0', '&sslmode=disable'), insecure, 'has sslmode disable'],
    [at('0.0.0.0', '&sslmode=require'), insecure, 'has sslmode require'],
    [at('0.0.0.0', '&sslmode=verify-ca'), insecure, 'has sslmode verify-ca'],
    ['postgresql://token-ben@/x?host=/nowhere', '', 'has sslmode disable'],
    [
      at('0.0.0.0').replace('token-ben@', 'token-ben:pw@'),
      '',
      'services.zerodb.endpoint has a password, but services.zerodb.auth is token',
    ],
    [at('127.1'), '', "does not match certificate's altnames"],
    [at('0.0.0.0').replace(/sslrootcert=[^&]*/, ''), '', 'no secure connection to 0.0.0.0:'],
  ] as const) {
    configure(endpoint, more)
    expectProblem(await sync(home), 1, says)
  }
  configure(at('0.0.0.0'))
  // The admin's URL has no password, so the server asks for one.
  for (const [flags, env] of [
    [['--admin', at('0.0.0.0')], {}],
    [[], { AINATIVE_ZERODB_ADMIN: at('0.0.0.0') }],
  ] as const) {
    const run = await here({ ...home, env: { ...home.env, ...env } }).run('zerodb', 'user', 'list', ...flags)
    expectProblem(run, 1, 'asks for the password of token-ben, and none is set')
  }
  expect(gateway.passwords.filter(Boolean)).toEqual([])
  const loopback = here({ ...home, env: { ...home.env, AINATIVE_ZERODB_ENDPOINT: at('127.0.0.1', '&sslmode=verify-full') } })
  expect(await loopback.run('session', 'sync')).toMatchObject({ code: 0 })
  expect(gateway.passwords.filter(Boolean)).toHaveLength(1)
  const another = here({ ...home, env: { ...home.env, AINATIVE_ZERODB_ENDPOINT: at('0.0.0.0').replace('token-ben', 'token-eve') } })
  expectProblem(await another.run('session', 'sync'), 1, '(the token of alice is not for token-eve)')
})

test('a command that looks for a session on the server does not wait for an issuer that does not answer', async () => {
  const { issuer, home, at, configure } = await behindGateway('token-dan')
  configure(at('0.0.0.0'), '    enabled: true\n')
  changeLogin(home)
  issuer.answering = () => new Promise(() => undefined)
  const { stderr } = await here(home).run('session', 'show', 'sample000001')
  expect(stderr).toMatch(/^could not look for sample000001 on the ZeroDB server: the server does not answer\n/)
  issuer.answering = undefined
  expect(await sync(home)).toMatchObject({ code: 0 })
})
