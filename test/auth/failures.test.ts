import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { runHere } from '../helpers/here.ts'
import { serve } from '../helpers/http.ts'
import { loginsOf, openOidc, useIssuer } from '../helpers/oidc.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'

/** A home whose browser must not open. */
const quiet = (env: NodeJS.ProcessEnv = {}) => makeHome({ DISPLAY: ':0', BROWSER: '/none', ...env })

const fails = async (home: Home, said: string | RegExp, ...flags: string[]) => {
  expectProblem(await runHere(home, 'auth', 'login', ...flags), 1, said)
  expect(loginsOf(home)).toBe('')
}

test('without an issuer, each command says what to set', async () => {
  for (const name of ['login', 'logout', 'status', 'whoami', 'token'])
    expectProblem(
      await runHere(makeHome(), 'auth', name),
      1,
      'error: no login issuer is configured\nhint: ainative-code config set platform.authentication.issuer https://',
    )
})

test.each([
  ['issuer: http://login.example.com', 'authentication.issuer: expected https: tokens are sent to this address'],
  ['issuer: login.example.com', 'authentication.issuer: expected a URL such as https'],
  ['issuer: "file:///etc/passwd"', 'authentication.issuer: expected a URL such as https'],
  ['issuer: https://me:hunter22@login.example.com', 'authentication.issuer: expected a URL without a user name and password'],
  [
    'issuer: https://x.example/.well-known/openid-configuration',
    'authentication.issuer: expected the URL of the issuer, without /.well-known/',
  ],
  ['issuer: https://x.example, client_id: "a b"', 'authentication.client_id: expected one word of ASCII characters'],
  ['issuer: https://x.example, scopes: []', 'authentication.scopes: expected at least one scope'],
  ['issuer: 5', 'authentication.issuer: Invalid input: expected string'],
])('a wrong setting is named: %s', async (settings, said) => {
  const home = quiet()
  home.write(USER_CONFIG, `platform: { authentication: { ${settings} } }\n`)
  await fails(home, said)
})

test('a mistake in the settings of the login stops no other command, and config set refuses it', async () => {
  const home = makeHome()
  const set = await home.run('config', 'set', 'platform.authentication.issuer', 'http://login.example.com')
  expect(set).toMatchObject({ code: 1, stderr: expect.stringContaining('expected https') })
  const issuer = await home.run('config', 'set', 'platform.authentication.issuer', 'https://login.example.com')
  expect(issuer).toMatchObject({ code: 0, stderr: '' })
  await home.ok('config', 'set', 'platform.authentication.scopes', 'openid,email')
  const platform = { authentication: { issuer: 'https://login.example.com', scopes: 'openid,email' } }
  expect(await home.json('config', 'show', '--json')).toMatchObject({ platform })
  expect((await home.run('config', 'set', 'platform.authentication.isuer', 'x')).stderr).toContain(
    'did you mean platform.authentication.issuer?',
  )
  home.write(USER_CONFIG, 'platform: { authentication: { issuer: 5 } }\n')
  expect(await home.run('session', 'list', '--json')).toMatchObject({ code: 0, stdout: '[]\n', stderr: 'no session matches\n' })
})

/** The metadata of an issuer, with some of it changed. */
const document = (url: string, change: object) => ({
  ...{ issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks` },
  ...{ response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] },
  ...change,
})

test.each([
  [(_: string) => '<html>hello</html>', /invalid response from .*: /],
  [() => '{', /invalid response from .*: /],
  [() => '[]', /invalid response from .*: /],
  [() => '{"issuer": 5}', /invalid response from .*: /],
  [(url: string) => JSON.stringify(document(url, { issuer: 'https://evil.example' })), /invalid response from .*: .*does not match/],
  [(url: string) => JSON.stringify(document(url, { authorization_endpoint: undefined })), /invalid response from .*: /],
  [(url: string) => JSON.stringify(document(url, { authorization_endpoint: 'file:///etc/passwd' })), /invalid response from .*: /],
  [(url: string) => JSON.stringify(document(url, { authorization_endpoint: 'javascript:alert(1)' })), /invalid response from .*: /],
  [
    (url: string) => JSON.stringify(document(url, { authorization_endpoint: 'http://evil.example/' })),
    /its login page has an unsafe address: expected https/,
  ],
  [(url: string) => JSON.stringify(document(url, { authorization_endpoint: '--help' })), /invalid response from .*: /],
])('what is no issuer is refused before a browser opens: %s', async (text, said) => {
  const server = await serve((response) => response.setHeader('content-type', 'application/json').end(text(server.url)))
  const home = quiet()
  useIssuer(home, server.url)
  await fails(home, said)
})

test.each([
  ['token_endpoint', 'http://evil.example/', /its metadata contains an unsafe address: expected https/],
  ['device_authorization_endpoint', 'http://evil.example/', /its metadata contains an unsafe address: expected https/],
])('no secret is sent to a %s of %s', async (endpoint, address, said) => {
  const server = await serve((response, count) =>
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify(
        count === 1
          ? document(server.url, { device_authorization_endpoint: `${server.url}/device`, [endpoint]: address })
          : {
              device_code: 'secret',
              user_code: '\x1b]0;x\x07ABC',
              verification_uri: `${server.url}/\x1b]0;x\x07`,
              expires_in: 60,
              interval: 0.01,
            },
      ),
    ),
  )
  const home = quiet()
  useIssuer(home, server.url)
  await fails(home, said, '--device')
})

/** An issuer whose device flow shows this page, and whose token endpoint answers with this error. */
async function openHostile(page: string, error: object) {
  const answers = (url: string) => [
    document(url, { device_authorization_endpoint: `${url}/device` }),
    { device_code: 'secret', user_code: '\x1b]0;x\x07ABC', expires_in: 60, interval: 0.01, verification_uri: page },
    error,
  ]
  const server = await serve((response, count) => {
    response.writeHead(count === 3 ? 400 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answers(server.url)[count - 1]))
  })
  return server.url
}

test('the page, the code and the error of a hostile issuer cannot control the terminal, or open a file', async () => {
  const home = quiet()
  useIssuer(home, await openHostile('file:///etc/passwd', {}))
  await fails(home, /its login page has an unsafe address: expected a URL/, '--device')
  const url = await openHostile('https://x.example/\x1b]0;x\x07', { error: 'invalid_scope', error_description: 'a\x1b[2J secret' })
  useIssuer(home, url)
  const result = await home.run('auth', 'login', '--device')
  expectProblem(result, 1, /refused the request: invalid_scope: a␛\[2J \*\*\*\nhint: .*platform\.authentication\.scopes/)
  expect(result.stderr).toMatch(/^Open https:\S*%1B\S* on any device, and type the code ␛\]0;x␇ABC$/m)
})

test('an issuer that cannot be reached is named, with the reason', async () => {
  const home = quiet()
  useIssuer(home, 'http://127.0.0.1:9')
  await fails(home, 'no server listens at http://127.0.0.1:9\nhint: check the network')
  const slow = await serve((response) => response.destroy())
  useIssuer(home, slow.url)
  await fails(home, `the connection to ${slow.url} failed (ECONNRESET)`)
  useIssuer(home, 'https://no-such-host.invalid')
  await fails(home, 'the address of https://no-such-host.invalid was not found')
  useIssuer(home, slow.url.replace('http', 'https'))
  await fails(home, /no secure connection to \S+ is possible \(\w+\)\nhint: NODE_EXTRA_CA_CERTS/)
})

test.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  'an unknown certificate is refused, and NODE_EXTRA_CA_CERTS trusts it',
  async () => {
    const home = quiet()
    const [key, cert] = [home.path('key.pem'), home.path('cert.pem')]
    const flags = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'.split(' ')
    execFileSync('openssl', [...flags, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (_, response) => response.end('{}'))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    useIssuer(home, url)
    await fails(home, `no secure connection to ${url} is possible (DEPTH_ZERO_SELF_SIGNED_CERT)\nhint: NODE_EXTRA_CA_CERTS=FILE trusts`)
    const trusted = await home.runWith({ env: { NODE_EXTRA_CA_CERTS: cert } }, 'auth', 'login')
    expectProblem(trusted, 1, `invalid response from ${url}`)
  },
)

test('an unknown client names the setting', async () => {
  const issuer = await openOidc()
  const home = quiet()
  useIssuer(home, issuer.url, '    client_id: nobody\n')
  await fails(home, /refused the request: invalid_client: .*\nhint: .*platform\.authentication\.client_id/, '--device')
})

test('an issuer on this machine may be written in capitals, and with spaces around it', async () => {
  const server = await serve((response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document(server.url, {}))),
  )
  const home = quiet()
  useIssuer(home, JSON.stringify(` ${server.url.replace('http', 'HTTP')} `))
  await fails(home, /has no device flow/, '--device')
})
