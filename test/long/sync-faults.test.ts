import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { bin, type Home, here, homeAt, makeHome } from '../helpers/cli.ts'
import { databaseOf } from '../helpers/database.ts'
import { openPostgres, userOn } from '../helpers/postgres.ts'
import { expectProblem } from '../helpers/problem.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { smallDisk } from '../helpers/user.ts'
import { changeBoth, expectAgreement, interruptSync, openPair } from '../zerodb/sync/interrupted.ts'

describe.each(['SIGKILL', 'SIGSTOP'] as const)('%s', (signal) => {
  test.each(['query', 'answer'] as const)('at every %s of a sync loses nothing and doubles nothing', async (at) => {
    const pair = await openPair(`stage-${signal.toLowerCase()}-${at}`)
    let query = 1
    for (let round = 1; ; round++) {
      await changeBoth(pair, round)
      const found = await interruptSync(pair, { query, at }, signal)
      await expectAgreement(pair, round)
      if (!found) break
      query++
    }
    expect(query).toBeGreaterThan(3)
  })
})

const exported = (home: Home) => here(home).ok('session', 'export', '--all', '-o', '-')

/** All of these devices sync, and then hold the same. Returns the export of each. */
async function agreement(...homes: Home[]): Promise<string> {
  for (const home of [...homes, ...homes]) expect(await here(home).ok('session', 'sync')).toMatch(/in sync\n$/)
  const all = await Promise.all(homes.map(exported))
  for (const each of all) expect(each).toBe(all[0])
  return all[0] ?? ''
}

const deviceOf = (endpoint: string, env: NodeJS.ProcessEnv = {}) => makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint, ...env })

/** Fills the disk of a folder with a file, and leaves this many bytes. */
function fillBut(bytes: number, folder: string): void {
  const file = path.join(folder, 'fill')
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=64k'])
  fs.truncateSync(file, fs.statSync(file).size - bytes)
}

test('a pull that the disk cannot hold continues once there is room', async () => {
  const endpoint = await userOn(await openPostgres(), 'disk-client')
  const full = deviceOf(endpoint)
  full.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 }))
  await here(full).ok('session', 'import', '-i', full.path('big.json'))
  await full.ok('session', 'sync')
  const outer = makeHome()
  const disk = smallDisk(outer.path('disk'), '64m')
  if (!disk) return console.warn('a full disk is not tested: that takes root and mount')
  onTestFinished(disk.remove)
  const home = homeAt(outer.path('disk'), { XDG_CACHE_HOME: outer.path('cache'), AINATIVE_ZERODB_ENDPOINT: endpoint })
  await seed(home, sample(1, { messages: talk('mine') }))
  fillBut(3_000_000, home.dir)
  expectProblem(await home.run('session', 'sync'), 1, 'the disk is full')
  fs.rmSync(home.path('fill'))
  expect(JSON.parse(await agreement(home, full))).toHaveLength(401)
})

test('a limit on the size of files ends a pull, and the next one continues', async () => {
  const endpoint = await userOn(await openPostgres(), 'limit-client')
  const [full, home] = [deviceOf(endpoint), deviceOf(endpoint)]
  full.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 }))
  await here(full).ok('session', 'import', '-i', full.path('big.json'))
  await full.ok('session', 'sync')
  await seed(home, sample(1, { messages: talk('mine') }))
  const limited = spawnSync('sh', ['-c', 'ulimit -f 6000; exec "$0" "$@"', process.execPath, bin, 'session', 'sync'], {
    ...home,
    cwd: home.dir,
  })
  expect(limited.status).toBe(1)
  expect(String(limited.stderr)).not.toContain('bug in ainative-code')
  expect(JSON.parse(await agreement(home, full))).toHaveLength(401)
})

test('a push that the disk of the server cannot hold continues once there is room', async () => {
  const pg = await openPostgres()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-disk-'))
  const disk = smallDisk(folder, '64m')
  if (!disk) return console.warn('a full disk of the server is not tested: that takes root and mount')
  onTestFinished(disk.remove)
  const space = path.join(folder, 'space')
  fs.chmodSync(folder, 0o755)
  fs.mkdirSync(space)
  const { uid, gid } = fs.statSync(pg.data)
  fs.chownSync(space, uid, gid)
  await runSql(pg.admin, `create tablespace small location '${space}'`)
  await runSql(pg.admin, 'create database small tablespace small')
  const endpoint = await userOn({ admin: pg.admin.replace(/postgres$/, 'small') }, 'disk-server')
  fillBut(1_000_000, folder)
  const [home, other] = [deviceOf(endpoint), deviceOf(endpoint)]
  home.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 }))
  await here(home).ok('session', 'import', '-i', home.path('big.json'))
  expectProblem(await home.run('session', 'sync'), 1, /the disk of the server 127\.0\.0\.1:\d+ is full\nhint: free some space/)
  fs.rmSync(path.join(folder, 'fill'))
  expect(JSON.parse(await agreement(home, other))).toHaveLength(400)
})

/** A server of `zerodb start` in a folder of its own, which can be stopped and copied. */
async function ownServer() {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-own-'))
  fs.chmodSync(data, 0o711)
  const home = makeHome()
  const command = (name: string) => home.ok('zerodb', name, '--data', data, '--json')
  onTestFinished(async () => {
    await command('stop')
    fs.rmSync(data, { recursive: true, force: true })
  })
  const { endpoint } = JSON.parse(await command('start'))
  return { endpoint, start: () => command('start'), stop: () => command('stop'), server: path.join(data, 'server') }
}

test('a server that is restored from a backup of its files gets back what it lost', async () => {
  const { endpoint, start, stop, server } = await ownServer()
  const [a, b] = [deviceOf(endpoint), deviceOf(endpoint)]
  await seed(a, sample(1, { messages: talk('one', 'two') }), sample(2, { messages: talk('three') }))
  await agreement(a, b)
  await stop()
  const kept = makeHome().path('backup')
  // With -a, the files stay those of the account that runs the server.
  execFileSync('cp', ['-a', server, kept])
  await start()
  await seed(a, sample(3, { messages: talk('after the backup') }))
  await here(b).ok('session', 'rename', sample(1).id, 'Renamed')
  await here(b).ok('session', 'delete', sample(2).id, '--force')
  await here(b).ok('session', 'purge', sample(2).id, '--force')
  const before = await agreement(a, b)
  await stop()
  fs.rmSync(server, { recursive: true })
  execFileSync('cp', ['-a', kept, server])
  await start()
  const fresh = deviceOf(endpoint)
  await here(b).ok('session', 'tag', sample(1).id, 'new')
  const after = JSON.parse(await agreement(a, b, fresh))
  expect(after.map(({ id }: { id: string }) => id)).toEqual(JSON.parse(before).map(({ id }: { id: string }) => id))
  expect(after[0]).toMatchObject({ title: 'Renamed', metadata: { tags: ['new'] } })
})

test('a server that restarts in the middle of a sync, or is down, changes nothing', async () => {
  const { endpoint, start, stop } = await ownServer()
  const [a, b] = [deviceOf(endpoint), deviceOf(endpoint)]
  a.write('big.json', backup({ sessions: 300, messages: 20, chars: 500 }))
  await here(a).ok('session', 'import', '-i', a.path('big.json'))
  const running = a.run('session', 'sync')
  await stop()
  const down = await running
  if (down.code !== 0) expectProblem(down, 1, 'hint: ')
  expectProblem(await here(a).run('session', 'sync'), 1, 'no server listens at')
  await start()
  expect(JSON.parse(await agreement(a, b))).toHaveLength(300)
})

test('a clock that is set back makes no change older than the one before', async () => {
  const endpoint = await userOn(await openPostgres(), 'back')
  const a = deviceOf(endpoint)
  const clock = a.write('clock.cjs', 'const { now } = Date; Date.now = () => now() - 5 * 3600_000')
  const late = { ...a.env, NODE_OPTIONS: `--require ${clock}` }
  const b = deviceOf(endpoint)
  await seed(a, sample(1, { title: 'First', messages: talk('one') }))
  await a.ok('session', 'rename', sample(1).id, 'Second')
  await agreement(a, b)
  expect(await a.runWith({ env: late }, 'session', 'rename', sample(1).id, 'Third')).toMatchObject({ code: 0 })
  expect(await a.runWith({ env: late }, 'session', 'sync')).toMatchObject({ code: 0 })
  expect(JSON.parse(await agreement(a, b))).toMatchObject([{ title: 'Third' }])
})

test('a database that is copied to another machine becomes another device, although its path is the same', async () => {
  if (spawnSync('unshare', ['--uts', 'hostname', 'other']).status !== 0)
    return console.warn('another machine is not tested: that takes root and unshare')
  const endpoint = await userOn(await openPostgres(), 'machine')
  const home = deviceOf(endpoint)
  await seed(home, sample(1, { title: 'Both', messages: talk('one') }))
  await home.ok('session', 'sync')
  const [own, copy] = [databaseOf(home), home.path('copy.db')]
  fs.copyFileSync(own, copy)
  await here(home).ok('session', 'rename', sample(1).id, 'Here')
  await here(home).ok('session', 'sync')
  const ids = new Set([(await home.json('zerodb', 'status', '--json')).device])
  fs.renameSync(own, home.path('kept.db'))
  fs.renameSync(copy, own)
  const there = (...argv: string[]) =>
    execFileSync('unshare', ['--uts', 'sh', '-c', 'hostname other; exec "$@"', 'sh', process.execPath, bin, ...argv], {
      env: home.env,
      encoding: 'utf8',
    })
  there('session', 'rename', sample(1).id, 'There')
  expect(there('session', 'sync')).toMatch(/in sync\n$/)
  ids.add(JSON.parse(there('zerodb', 'status', '--json')).device)
  expect(ids.size).toBe(2)
  fs.renameSync(own, copy)
  fs.renameSync(home.path('kept.db'), own)
  expect(JSON.parse(await agreement(home, deviceOf(endpoint)))).toMatchObject([{ title: 'There' }])
})
