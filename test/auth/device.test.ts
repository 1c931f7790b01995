import { once } from 'node:events'
import { expect, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { browse, browserOf, loginsOf, openedUrl, openOidc, useIssuer } from '../helpers/oidc.ts'
import { expectProblem } from '../helpers/problem.ts'
import { until } from '../helpers/until.ts'

/** Starts a login with the device flow, and gives its page with the code, as a user opens it elsewhere. */
async function startDevice(url: string, flags: string[], env: NodeJS.ProcessEnv = {}) {
  const home = makeHome(env)
  useIssuer(home, url)
  const child = startCli(['auth', 'login', ...flags], { cwd: home.dir, env: home.env })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text
    })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...output }))
  const [, page, code] = await until(
    () => `the code in ${output.stderr}`,
    () => /^Open (\S+) on any device, and type the code (\S+)$/m.exec(output.stderr) ?? undefined,
  )
  return { home, child, ended, page: `${page}?user_code=${code}` }
}

test.each([
  ['--device', ['--device'], { DISPLAY: ':0' }],
  ['SSH', [], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', DISPLAY: ':0', BROWSER: 'false' }],
  ['a machine without a screen', ['--json'], {}],
])('with %s, the user types a code on another device', async (_, flags, env) => {
  const issuer = await openOidc()
  const { home, ended, page } = await startDevice(issuer.url, flags, env)
  expect((await browse(page)).text).toMatch(/Success|success/)
  const { code, stdout, stderr } = await ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/as alice|"name": "alice"|"subject": "alice"/) })
  for (const secret of issuer.tokens) expect(stdout + stderr).not.toContain(secret)
  expect(issuer.tokens).toContain((await okHere(home, 'auth', 'token')).trim())
})

test('a code that is denied or expires ends the login', async () => {
  const issuer = await openOidc()
  const denied = await startDevice(issuer.url, ['--device'])
  await browse(denied.page, { deny: true })
  expectProblem(await denied.ended, 1, 'the login was denied')
  const brief = await openOidc({ codeTtl: 1 })
  const expired = await startDevice(brief.url, ['--device'])
  expectProblem(await expired.ended, 1, 'the code expired before the login was completed\nhint: ainative-code auth login --device')
  expect(loginsOf(expired.home)).toBe('')
})

test.each([
  ['30 days', 30 * 86_400],
  ['2^63 - 1 seconds', 2 ** 63 - 1],
])('a code and a token that are valid for %s log in', async (_, seconds) => {
  const issuer = await openOidc()
  issuer.answering = (_, body) => {
    if (body?.expires_in) body.expires_in = seconds
  }
  const { home, ended, page } = await startDevice(issuer.url, ['--device'])
  await browse(page)
  const { code, stderr } = await ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Warning') })
  expect(await okHere(home, 'auth', 'status')).toContain('Logged in: yes')
  expect(issuer.tokens).toContain((await okHere(home, 'auth', 'token')).trim())
})

test('Ctrl-C ends the wait for a code', async () => {
  const { child, ended, home } = await startDevice((await openOidc()).url, ['--device'])
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stdout: '' })
  expect(loginsOf(home)).toBe('')
})

test('without a device flow, --device says so, and SSH shows the address of the browser', async () => {
  const issuer = await openOidc({ features: { deviceFlow: { enabled: false } } })
  const home = makeHome({ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' })
  useIssuer(home, issuer.url)
  expectProblem(await home.run('auth', 'login', '--device'), 1, `${issuer.url} has no device flow\nhint: ainative-code auth login`)
  const run = home.runWith({ env: browserOf(home) }, 'auth', 'login')
  await browse(await openedUrl(home))
  expect(await run).toMatchObject({ code: 0, stderr: expect.stringContaining('Log in with your browser') })
})
