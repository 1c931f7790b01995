import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { useKeyring } from '../helpers/keyring.ts'
import { CLIENT, changeLogin, logIn, loginsOf, openOidc, useIssuer } from '../helpers/oidc.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'
import { openModel } from '../helpers/wire/server.ts'

const KEY = 'sk-test-0123456789abcdef'

test('a login is in the keyring, with each refresh, until the logout', async () => {
  const issuer = await openOidc()
  const home = makeHome()
  const keyring = useKeyring(home)
  useIssuer(home, issuer.url)
  const name = `login ${CLIENT} ${issuer.url}`
  expect(await logIn(home)).toMatchObject({ code: 0, stdout: expect.stringContaining('Stored in the keyring\n') })
  expect(JSON.parse(loginsOf(home))).toEqual({ [name]: 'keyring' })
  const login = JSON.parse(keyring.entries()[name] ?? '')
  expect(issuer.tokens).toContain(login.refresh_token)
  expect(await home.json('auth', 'status', '--json')).toMatchObject({ storage: 'keyring', subject: 'alice' })
  home.write('keyring.json', JSON.stringify({ [name]: JSON.stringify({ ...login, expires_at: 1 }) }))
  const token = (await home.ok('auth', 'token')).trim()
  expect(JSON.parse(keyring.entries()[name] ?? '').access_token).toBe(token)
  expect(token).not.toBe(login.access_token)
  const locked = { env: { KEYRING_FAILS: 'get' } }
  expectProblem(await home.runWith(locked, 'auth', 'token'), 1, 'the keyring does not work: the fake is locked\nhint: unlock the keyring')
  await home.ok('auth', 'logout')
  expect(keyring.entries()).toEqual({})
  expect(loginsOf(home)).toBe('')
})

test.each([
  ['set', 'the keyring does not work: the fake is locked'],
  ['get', 'the keyring does not work: the fake is locked'],
  ['remove', 'the keyring does not work: the fake is locked'],
  ['set login', 'the keyring refused the login'],
])('a keyring that fails to %s is named, and the login is in a file', async (fails, said) => {
  const issuer = await openOidc()
  const home = makeHome()
  useKeyring(home)
  useIssuer(home, issuer.url)
  const { code, stdout, stderr } = await logIn(home, [], { KEYRING_FAILS: fails })
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('logins.json, which only you can read') })
  expect(stderr).toContain(said)
  // Known before the browser opens, unless the keyring only refuses this entry.
  if (!fails.includes('login')) expect(stderr.indexOf(said)).toBeLessThan(stderr.indexOf('Log in with your browser'))
  changeLogin(home)
  // This process must not use the keyring of the machine.
  expect(issuer.tokens).toContain((await okHere({ ...home, env: { ...home.env, AINATIVE_NO_KEYRING: '1' } }, 'auth', 'token')).trim())
})

test.each([
  [{ AINATIVE_NO_KEYRING: '', XDG_RUNTIME_DIR: '/none' }, 'there is no desktop session (D-Bus)'],
  // The addon itself finds no keyring behind this address.
  [{ AINATIVE_NO_KEYRING: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none' }, /the keyring does not work: \S.*; the login will be stored/],
])('without a keyring the login is in a file, and the reason is said: %j', async (env, reason) => {
  const issuer = await openOidc()
  const home = makeHome(env)
  useIssuer(home, issuer.url)
  const { code, stderr } = await logIn(home)
  expect(code).toBe(0)
  expect(stderr).toMatch(reason)
})

test('provider setup stores the key in the keyring, and the provider uses it', async () => {
  const model = await openModel('anthropic')
  const home = makeHome({ ANTHROPIC_BASE_URL: model.url })
  const keyring = useKeyring(home)
  const setup = (env: NodeJS.ProcessEnv = {}) =>
    home.runWith({ input: KEY, env }, 'provider', 'setup', 'anthropic', '--key-stdin', '--default')
  expect(await setup()).toMatchObject({ code: 0, stdout: expect.stringContaining('Its key is in the keyring.\n'), stderr: '' })
  expect(keyring.entries()).toEqual({ 'llm.anthropic.api_key': KEY })
  expect(home.read(USER_CONFIG)).toBe('llm:\n  anthropic:\n    api_key: keyring\n  default_provider: anthropic\n')
  expect(await home.ok('chat', 'hi')).toBe('Hello\n')
  expect(model.requests.at(-1)?.headers['x-api-key']).toBe(KEY)
  expect(await home.ok('provider', 'list')).toMatch(/^anthropic +keyring /m)
  const { stderr } = await home.runWith({ env: { KEYRING_FAILS: 'get' } }, 'chat', 'hi')
  expect(stderr).toContain(
    'the key of anthropic is in the keyring: the keyring does not work: the fake is locked\nhint: ainative-code provider setup anthropic',
  )
  // A variable takes precedence, and asks no keyring.
  expect(await home.runWith({ env: { KEYRING_FAILS: '.', ANTHROPIC_API_KEY: 'other' } }, 'chat', 'hi')).toMatchObject({ code: 0 })
  expect(model.requests.at(-1)?.headers['x-api-key']).toBe('other')
  // Without the keyring, the key moves to the config.
  const moved = await setup({ KEYRING_FAILS: 'set' })
  expect(moved.stderr).toMatch(/^the keyring does not work: .*; the key is stored in your config, which only you can read\n$/)
  expect(home.read(USER_CONFIG)).toContain(`api_key: ${KEY}\n`)
})

test('Ctrl-C ends the wait for a keyring that does not answer', async () => {
  const home = makeHome({ AINATIVE_NO_KEYRING: '' })
  const bus = net.createServer()
  const called = once(bus.listen(home.path('bus')), 'connection')
  onTestFinished(() => void bus.close())
  const env = { ...home.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${home.path('bus')}` }
  const child = startCli(['config', 'set', 'llm.openai.api_key', '--stdin'], { cwd: home.dir, env })
  child.stdin.end(KEY)
  const [connection] = await called
  onTestFinished(() => void connection.destroy())
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(fs.existsSync(home.path(USER_CONFIG))).toBe(false)
})

test('config set and unset of a key use the keyring, under every name of the provider', async () => {
  const home = makeHome()
  const keyring = useKeyring(home)
  const set = (key: string, input: string) => home.runWith({ input }, 'config', 'set', key, '--stdin')
  expect(await set('llm.google.api_key', KEY)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Set llm.google.api_key in the keyring'),
    stderr: '',
  })
  expect(keyring.entries()).toEqual({ 'llm.gemini.api_key': KEY })
  expect(await home.ok('provider', 'list')).toMatch(/^gemini +keyring /m)
  expect(home.read(USER_CONFIG)).toBe('llm:\n  google:\n    api_key: keyring\n')
  await home.ok('config', 'unset', 'llm.google.api_key')
  expect(keyring.entries()).toEqual({})
  // A reference to a variable, and the setting of a plugin, stay in the config.
  await set('llm.openai.api_key', '${MY_KEY}')
  await set('llm.own.api_key', KEY)
  expect(home.read(USER_CONFIG)).toContain('${MY_KEY}')
  expect(home.read(USER_CONFIG)).toContain(KEY)
  expect(keyring.entries()).toEqual({})
  await set('llm.openai.api_key', 'keyring')
  expectProblem(
    await home.run('chat', '--provider', 'openai', '-m', 'm', 'hi'),
    1,
    'the keyring has no such key\nhint: ainative-code provider setup openai',
  )
})
