import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { CLIENT } from '../../../plugins/zerodb/server/schema.ts'
import { type Home, homeAt, makeHome, startCli } from '../../helpers/cli.ts'
import { withDatabase } from '../../helpers/database.ts'
import { okHere, runHere } from '../../helpers/here.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { traces } from '../../helpers/traces.ts'
import { until } from '../../helpers/until.ts'
import { freeze, smallDisk } from '../../helpers/user.ts'

test('a session that was local-only from the start never reaches the server, and a fork of it neither', async () => {
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: await userOn(await openPostgres(), 'start') })
  const { id } = JSON.parse(await okHere(home, 'session', 'create', '--title', 'Secret', '--local-only', '--json'))
  const fork = JSON.parse(await okHere(home, 'session', 'fork', id, '--json'))
  const other = JSON.parse(await okHere(home, 'session', 'create', '--title', 'Other', '--json'))
  const copy = JSON.parse(await okHere(home, 'session', 'fork', other.id, '--local-only', '--json'))
  for (const local of [id, fork.id, copy.id]) {
    expect(await okHere(home, 'session', 'meta', local, 'sync')).toBe('local-only\n')
    const { code, stderr } = await runHere(home, 'session', 'sync', '--session', local)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`the session ${local} is local-only`) })
  }
  expect(await okHere(home, 'session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await okHere(home, 'session', 'meta', copy.id, '--unset', 'sync')).toContain('Removed sync')
  expect(await okHere(home, 'session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await okHere(home, 'session', 'meta', copy.id, 'sync', 'local-only')).toContain('a sync removes it from the server')
  expect(await okHere(home, 'session', 'sync', '--dry-run')).toBe(`withdraw ${copy.id}  0 messages\n`)
  expect(await runHere(home, 'session', 'meta', copy.id, 'sync', 'local')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('local-only'),
  })
})

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

const config = (endpoint: string) => `services:\n  zerodb:\n    enabled: true\n    endpoint: ${endpoint}\n`
const LINE = 'warning: the sync in the background failed: no server listens at 127.0.0.1:1; see ainative-code zerodb status\n'

test('a failed sync in the background is one line at the next command, once until a sync succeeds', async () => {
  const home = makeHome()
  const background = { path: home.path, env: { ...home.env, AINATIVE_BACKGROUND_SYNC: '1' } }
  const fail = async () => expect((await runHere(background, 'session', 'sync')).code).toBe(1)
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await okHere({ ...home, env: background.env }, 'session', 'create', '--title', 'T')
  await fail()
  expect(await runHere(home, 'session', 'list', '--json')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\[\s*\{.*\}\s*\]\n$/s),
    stderr: LINE,
  })
  expect(await runHere(home, 'session', 'list', '--json')).toMatchObject({ code: 0, stderr: '' })
  await fail()
  expect((await runHere(home, 'session', 'list', '--json')).stderr).toBe('')
  expect(await okHere(home, 'zerodb', 'status', '--json')).toContain('no server listens at 127.0.0.1:1')
  home.write(USER_CONFIG, config(await userOn(await openPostgres(), 'failure')))
  await okHere(home, 'session', 'sync')
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await fail()
  expect((await runHere(home, 'zerodb', 'status')).stderr).toBe('')
  expect((await runHere(home, 'session', 'list', '--json')).stderr).toBe('')
})

test('selection flags that match no session of this device print a note', async () => {
  const { home, a } = await pushed('flags')
  await okHere(a, 'session', 'tag', 'sample000001', 'go')
  await okHere(a, 'session', 'sync')
  for (const flags of [[], ['--pull'], ['--dry-run']])
    expect(await runHere(home, 'session', 'sync', '--tag', 'go', ...flags)).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^No changes/),
      stderr: 'no session on this device matches; session sync without these flags fetches all\n',
    })
  await okHere(home, 'session', 'sync')
  expect(await runHere(home, 'session', 'sync', '--tag', 'go')).toMatchObject({ code: 0, stderr: '' })
})

test('a failure whose reason was not stored is one line that names the command which shows it', async () => {
  const home = makeHome()
  home.write(
    USER_CONFIG,
    config('postgresql://alice:wrong@127.0.0.1:1/sync').replace('enabled: true', 'enabled: true\n    sync: { auto: false }'),
  )
  await okHere(home, 'session', 'create', '--title', 'T')
  const file = '.config/ainative-code/sessions.db.sync-error'
  const line =
    'warning: the sync in the background failed: its reason could not be stored, because the disk was full; ainative-code session sync shows it\n'
  for (const command of [
    ['session', 'list'],
    ['zerodb', 'status'],
  ]) {
    home.write(file, '')
    expect(await home.run(...command)).toMatchObject({ code: 0, stderr: line })
    expect((await home.run(...command)).stderr).toBe('')
  }
  home.write(file, '')
  expect((await home.run('session', 'sync')).stderr).toMatch(/^error: no server listens/)
})

test('a full disk does not replace the error of a sync in the background', async ({ skip }) => {
  const outer = makeHome()
  const disk = smallDisk(outer.path('disk'), '16m')
  if (!disk) return skip('a full disk takes root and mount')
  onTestFinished(disk.remove)
  const home = homeAt(outer.path('disk'), { XDG_CACHE_HOME: outer.path('cache') })
  home.write(
    USER_CONFIG,
    config('postgresql://alice:wrong@127.0.0.1:1/sync').replace('enabled: true', 'enabled: true\n    sync: { auto: false }'),
  )
  await okHere(home, 'session', 'create', '--title', 'T')
  spawnSync('dd', ['if=/dev/zero', `of=${home.path('fill')}`, 'bs=4k'])
  const failed = await home.runWith({ env: { AINATIVE_BACKGROUND_SYNC: '1' } }, 'session', 'sync')
  expect(failed.code).toBe(1)
  fs.rmSync(home.path('fill'))
  expect((await home.run('session', 'list')).stderr).toContain('its reason could not be stored')
})

test('the program shows the line, and completion does not', async () => {
  const home = makeHome()
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await home.ok('session', 'create', '--title', 'T')
  await until('the failure', async () => fs.existsSync(home.path('.config/ainative-code/sessions.db.sync-error')))
  expect((await home.run('complete', 'bash', '--', 'session', 'li')).stderr).toBe('')
  expect(await home.run('session', 'show', 'nowhere00000')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^warning: the sync .*\n.*\nerror: /),
  })
})

const { version } = CLIENT
afterEach(() => {
  CLIENT.version = version
})

test('what could not be applied is tried again by --retry, and by itself after an upgrade', async () => {
  const endpoint = await userOn(await openPostgres(), 'retry')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { messages: talk('Hello', 'Hi') }))
  for (const home of [a, b]) await okHere(home, 'session', 'sync', '--push')
  const block = "create trigger block before insert on messages when new.content = 'Hello' begin select raise(abort, 'blocked'); end"
  withDatabase(b, (db) => db.exec(block))
  const aside = '1 row set aside; ainative-code zerodb status lists them\n'
  expect(await okHere(b, 'session', 'sync')).toBe(`Pulled 1 session and 1 message; in sync\n${aside}`)
  expect(await okHere(b, 'session', 'sync', '--retry')).toBe(`No changes; in sync\n${aside}`)
  expect(await okHere(b, 'zerodb', 'status')).toContain(
    'Set aside: a row of sample000001: blocked\nainative-code session sync --retry applies them again\n',
  )
  withDatabase(b, (db) => db.exec('drop trigger block'))
  expect(await okHere(b, 'session', 'sync')).toBe(`No changes; in sync\n${aside}`)
  const copy = b.path('copy.db')
  withDatabase(b, (db) => db.exec(`vacuum into '${copy}'`))
  expect(await okHere(b, 'session', 'sync', '--retry')).toBe('No changes; in sync\n')
  const exported = await okHere(a, 'session', 'export', 'sample000001', '-o', '-')
  expect(await okHere(b, 'session', 'export', 'sample000001', '-o', '-')).toBe(exported)
  CLIENT.version++
  const upgraded = { path: b.path, env: { ...b.env, AINATIVE_DB_PATH: copy } }
  expect(await okHere(upgraded, 'session', 'sync')).toBe('No changes; in sync\n')
  expect(await okHere(upgraded, 'session', 'export', 'sample000001', '-o', '-')).toBe(exported)
})

const ID = 'sample000001'

/** Two homes with the same session. */
async function twoHomes(name: string): Promise<{ a: Home; b: Home; syncAll(): Promise<void> }> {
  const endpoint = await userOn(await openPostgres(), name)
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { title: 'Old', metadata: { tags: ['go'] }, messages: talk('Hello', 'Hi') }))
  const syncAll = async () => {
    for (const home of [a, b, a]) await okHere(home, 'session', 'sync')
  }
  await syncAll()
  return { a, b, syncAll }
}

const listOf = async (home: Home) => JSON.parse(await okHere(home, 'session', 'conflicts', '--json')) as Record<string, unknown>[]

test('values that lost against a concurrent change are listed, and come back with --take', async () => {
  const { a, b, syncAll } = await twoHomes('lost')
  await okHere(a, 'session', 'rename', ID, 'By A\u001b[31m')
  await okHere(a, 'session', 'untag', ID, 'go')
  await okHere(a, 'session', 'meta', ID, '__proto__', 'a')
  await okHere(a, 'session', 'meta', ID, 'same', 'x')
  await okHere(b, 'session', 'rename', ID, 'By B')
  await okHere(b, 'session', 'meta', ID, '__proto__', 'b')
  await okHere(b, 'session', 'meta', ID, 'same', 'x')
  await syncAll()
  const title = { session: ID, title: 'By B', field: 'title', lost: 'By A\u001b[31m', kept: 'By B' }
  const metadata = { session: ID, title: 'By B', field: 'metadata __proto__', lost: 'a', kept: 'b' }
  const lost = [...(await listOf(b)), ...(await listOf(a))]
  expect(lost).toEqual(expect.arrayContaining([expect.objectContaining(title), expect.objectContaining(metadata)]))
  expect(lost).toHaveLength(2)
  const home = (await listOf(b)).length > 0 ? b : a
  const n = lost.find(({ field }) => field === 'title')?.n
  expect(await okHere(home, 'session', 'conflicts', ID)).toMatch(/^N +SESSION +FIELD +LOST +KEPT\n/)
  expect(await runHere(home, 'session', 'conflicts', '--take', String(n))).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`restored the title of ${ID}`),
  })
  await syncAll()
  for (const each of [a, b]) expect(JSON.parse(await okHere(each, 'session', 'show', ID, '--json')).title).toBe('By A\u001b[31m')
  expect(await runHere(home, 'session', 'conflicts', '--take', String(n))).toMatchObject({
    code: 2,
    stderr: `error: unknown conflict ${n}\nhint: ainative-code session conflicts lists them\n`,
  })
})

test('a change that knew the other one loses nothing', async () => {
  const { a, b, syncAll } = await twoHomes('knew')
  await okHere(a, 'session', 'rename', ID, 'By A')
  await syncAll()
  await okHere(b, 'session', 'rename', ID, 'By B')
  await syncAll()
  await okHere(a, 'session', 'sync', '--force')
  expect([await listOf(a), await listOf(b)]).toEqual([[], []])
})

test('a purge removes what was lost', async () => {
  const { a, b, syncAll } = await twoHomes('purged')
  await okHere(a, 'session', 'rename', ID, 'Unlikely words')
  await okHere(b, 'session', 'rename', ID, 'By B')
  await syncAll()
  const home = (await listOf(a)).length > 0 ? a : b
  expect(await listOf(home)).toHaveLength(1)
  await okHere(home, 'session', 'delete', ID, '--force')
  await okHere(home, 'session', 'purge', ID, '--force')
  expect(await listOf(home)).toEqual([])
  expect(traces(home, ['Unlikely words'])).toEqual([])
})

test('zerodb status names a session that was purged and imported again, which stays on this device', async () => {
  const { a, syncAll } = await twoHomes('imported')
  await okHere(a, 'session', 'delete', ID, '--force')
  await okHere(a, 'session', 'purge', ID, '--force')
  await syncAll()
  expect(await okHere(a, 'zerodb', 'status')).not.toContain('Not synced')
  await seed(a, sample(1))
  await syncAll()
  expect(await okHere(a, 'zerodb', 'status')).toContain(`Not synced, because they were purged before: ${ID}\n`)
})

test('on a read-only disk a sync says why it cannot run, and leaves no file', async () => {
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: await userOn(await openPostgres(), 'frozen') })
  await seed(home, sample(1))
  const frozen = freeze(home.dir)
  if (!frozen) return console.warn('a read-only disk is not tested: that takes root and mount')
  onTestFinished(frozen.thaw)
  const { dir: cwd } = makeHome()
  for (const flags of [[], ['--dry-run']]) expectProblem(await home.runWith({ cwd }, 'session', 'sync', ...flags), 1, 'is read-only')
  expect(fs.readdirSync(cwd)).not.toContain(':memory:.sync')
})

test('a dry run of turning encryption on leaves a local-only session that another device has synced again', async () => {
  const { a, home } = await pushed('again')
  await okHere(a, 'session', 'meta', 'sample000001', 'sync', 'local-only')
  await okHere(a, 'session', 'sync')
  await okHere(home, 'session', 'sync')
  await seed(home, sample(1, { title: 'From B', messages: talk('Hello') }))
  await okHere(home, 'session', 'sync')
  await okHere(a, 'session', 'sync')
  await okHere(a, 'zerodb', 'key', 'new', '--yes')
  a.write(USER_CONFIG, 'services:\n  zerodb:\n    encryption: true\n')
  expect(await okHere(a, 'session', 'sync', '--dry-run')).toBe('push sample000002  0 messages  Second\n')
})
