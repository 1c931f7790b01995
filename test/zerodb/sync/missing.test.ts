import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, makeHome, startCli } from '../../helpers/cli.ts'
import { okHere, runHere } from '../../helpers/here.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'

const ENABLED = 'services:\n  zerodb:\n    enabled: true\n    sync:\n      auto: false\n'

/** Two homes of one user. The first one has pushed two sessions. */
async function pushed(name: string): Promise<{ home: Home; a: Home; endpoint: string }> {
  const endpoint = await userOn(await openPostgres(), name)
  const [a, home] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { title: 'From A', messages: talk('Hello', 'Hi') }), sample(2, { title: 'Second' }))
  await okHere(a, 'session', 'sync')
  home.write(USER_CONFIG, ENABLED)
  return { home, a, endpoint }
}

test('a command with the id of a session that only the server has brings the session', async () => {
  const { home, a } = await pushed('missing')
  expect((await runHere(home, 'session', 'show', 'sampl')).stderr).toMatch(
    /^error: the id "sampl" is ambiguous:\n {2}sample000001 {2}From A\n {2}sample000002 {2}Second\n/,
  )
  expect(await okHere(home, 'session', 'list', '--all', '--json')).toBe('[]\n')
  expect(await home.ok('session', 'export', 'sample000001', '-o', '-')).toBe(
    await okHere(a, 'session', 'export', 'sample000001', '-o', '-'),
  )
  expect(await runHere(home, 'session', 'fork', 'sample000002')).toMatchObject({ code: 0, stderr: '' })
  expect(await okHere(home, 'session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
})

test('a chat continues a session that only the server has', async () => {
  const { home } = await pushed('continued')
  const { code, stderr } = await runHere(home, 'chat', '-s', 'sample000001', '--model', 'none', 'And now?')
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.not.stringContaining('sample000001') })
  expect(await okHere(home, 'session', 'show', 'sample000001')).toContain('Hello')
})

test('a session that is nowhere, purged, or not to be looked for is not found', async () => {
  const { home, a } = await pushed('nowhere')
  await okHere(a, 'session', 'delete', 'sample000002', '--force')
  await okHere(a, 'session', 'purge', 'sample000002', '--force')
  await okHere(a, 'session', 'sync')
  expect(await runHere(home, 'session', 'show', 'nowhere00000')).toMatchObject({ code: 1, stderr: expect.not.stringContaining('server') })
  expect((await runHere(home, 'session', 'show', 'sample000002')).code).toBe(1)
  expect((await home.run('session', 'show', 'sample000001', '--no-plugins')).code).toBe(1)
  home.write(USER_CONFIG, ENABLED.replace('true', 'false'))
  expect((await runHere(home, 'session', 'show', 'sample000001')).code).toBe(1)
})

test('a server that cannot be asked is one note, and the session is not found', async () => {
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: 'postgresql://alice:wrong@127.0.0.1:1/sync' })
  home.write(USER_CONFIG, ENABLED)
  await okHere(home, 'session', 'create', '--title', 'Here')
  const { code, stderr } = await runHere(home, 'session', 'show', 'sample000001', 'sample000002')
  expect({ code, lines: stderr.split('\n').slice(0, 2) }).toEqual({
    code: 1,
    lines: [
      'could not look for sample000001 on the ZeroDB server: no server listens at 127.0.0.1:1',
      'error: there is no session "sample000001"',
    ],
  })
})

test('Ctrl-C ends the wait for a server that does not answer', async () => {
  const silent = net.createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as net.AddressInfo
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: `postgresql://alice:wrong@127.0.0.1:${port}/sync` })
  home.write(USER_CONFIG, ENABLED)
  const child = startCli(['session', 'show', 'sample000001'], { cwd: home.dir, env: home.env })
  silent.once('connection', () => child.kill('SIGINT'))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130)
})
