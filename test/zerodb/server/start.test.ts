import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { expectProblem } from '../../helpers/problem.ts'

/** The name of the folder. A shell needs quotes for it. */
const NAME = "it's a server"

/** A folder for a server, which an unprivileged account can reach if the test runs as root. */
function folderFor(stop: (folder: string) => Promise<unknown>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-start-'))
  fs.chmodSync(folder, 0o711)
  onTestFinished(async () => {
    await stop(path.join(folder, NAME))
    fs.rmSync(folder, { recursive: true })
  })
  return path.join(folder, NAME)
}

test('start creates a server with a user, outlives the command, and keeps its data when it is stopped', async () => {
  const home = makeHome()
  const data = folderFor((folder) => home.run('zerodb', 'stop', '--data', folder))
  expect(await home.ok('zerodb', 'stop', '--data', data)).toBe(`The server is not running (${data})\n`)
  const first = await home.json('zerodb', 'start', '--data', data, '--json')
  expect(first).toMatchObject({ data, running: false, user: expect.any(String), admin: path.join(data, 'server/admin-url') })
  expect(fs.statSync(first.admin).mode & 0o777).toBe(0o600)
  const { stdout } = await home.runWith({ env: { AINATIVE_ZERODB_ENDPOINT: first.endpoint } }, 'zerodb', 'ping', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ user: first.user, sees: 'own', other_users: 0 })

  const again = await home.ok('zerodb', 'start', '--data', data)
  expect(again).toContain(
    `The server is already running (${data})\nAddress: postgresql://127.0.0.1:${new URL(first.endpoint).port}/postgres\n`,
  )
  expect(again).not.toContain(new URL(first.endpoint).password)
  const admin = again.split('Admin commands: ')[1]
  expect(execFileSync('sh', ['-c', `${admin}printf %s "$AINATIVE_ZERODB_ADMIN"`], { encoding: 'utf8' })).toBe(
    fs.readFileSync(first.admin, 'utf8').trim(),
  )
  expect(await home.json('zerodb', 'stop', '--data', data, '--json')).toEqual({ data, stopped: true })
  const { code, stderr } = await home.runWith({ env: { AINATIVE_ZERODB_ENDPOINT: first.endpoint } }, 'zerodb', 'ping')
  expect(stderr).toContain(`error: no server listens at 127.0.0.1:${new URL(first.endpoint).port}\nhint: start the server`)
  expect(code).toBe(1)
  const taken = net.createServer().listen(Number(new URL(first.endpoint).port), '127.0.0.1')
  await once(taken, 'listening')
  expect((await home.run('zerodb', 'start', '--data', data)).stderr).toContain(
    'error: PostgreSQL did not start: could not bind IPv4 address "127.0.0.1": Address already in use',
  )
  taken.close()
  await once(taken, 'close')
  // After a crash, the number of the process may belong to another one of the same account.
  const lock = path.join(data, 'server/data/postmaster.pid')
  const { uid, gid } = fs.statSync(path.dirname(lock))
  const process = spawn('sleep', ['60'], { uid, gid })
  fs.writeFileSync(lock, `${process.pid}\n\n\n\n\n\n\nready   \n`)
  fs.chownSync(lock, uid, gid)
  expectProblem(await home.run('zerodb', 'start', '--data', data), 1, `if process ${process.pid} is not PostgreSQL, remove ${lock}`)
  fs.rmSync(lock)
  process.kill()
  expect(await home.json('zerodb', 'start', '--data', data, '--json')).toMatchObject({ running: false })
  const env = { AINATIVE_ZERODB_ADMIN: fs.readFileSync(first.admin, 'utf8') }
  expect((await home.runWith({ env }, 'zerodb', 'user', 'list')).stdout).toContain(first.user)
  expect(fs.readdirSync(data)).toEqual(['server'])
})

test('admin commands use the admin of the server of this account, and of no other one', async () => {
  const home = makeHome()
  // The account that runs PostgreSQL has to enter the folder.
  fs.chmodSync(home.dir, 0o711)
  onTestFinished(async () => void (await home.run('zerodb', 'stop')))
  const { endpoint, user } = await home.json('zerodb', 'start', '--json')
  home.env.AINATIVE_ZERODB_ENDPOINT = endpoint
  expect(await home.ok('zerodb', 'team', 'add', 'red', user)).toBe(`Added the team red with ${user}\n`)
  expect(await home.json('zerodb', 'ping', '--json')).toMatchObject({ user, teams: ['red'] })
  const other = makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })
  expectProblem(await other.run('zerodb', 'team', 'add', 'blue'), 1, `the user ${user} lacks a permission`)
})

test('two starts at once, after a start that was killed, end with one server', async () => {
  const home = makeHome()
  const data = folderFor((folder) => home.run('zerodb', 'stop', '--data', folder))
  // No process has this id.
  fs.mkdirSync(path.join(data, 'draft-99999999/data'), { recursive: true })
  const results = await Promise.all([1, 2].map(() => home.run('zerodb', 'start', '--data', data, '--json')))
  expect(results).toMatchObject([{ code: 0 }, { code: 0 }])
  const last = await home.json('zerodb', 'start', '--data', data, '--json')
  expect(last).toMatchObject({ running: true })
  const env = { AINATIVE_ZERODB_ADMIN: fs.readFileSync(last.admin, 'utf8') }
  expect(JSON.parse((await home.runWith({ env }, 'zerodb', 'user', 'list', '--json')).stdout)).toHaveLength(1)
  expect(fs.readdirSync(data)).toEqual(['server'])
})

test('start and stop refuse a path that cannot be a folder', async () => {
  const home = makeHome()
  const file = home.write('file', 'mine')
  fs.symlinkSync('missing', home.path('broken'))
  fs.symlinkSync('loop', home.path('loop'))
  for (const command of ['start', 'stop'])
    for (const [data, reason] of [
      [file, `${file} is not a folder`],
      [`${file}/x`, `${file} is not a folder`],
      [home.path('broken'), `${home.path('broken')} is a broken link`],
      [home.path('loop/x'), `${home.path('loop')} is a broken link`],
    ] as const)
      expectProblem(await home.run('zerodb', command, '--data', data), 1, `the folder ${data} cannot be used: ${reason}`, '--data')
})

test('start refuses a folder with other files, and data of a version that is not installed', async () => {
  const home = makeHome()
  const data = folderFor(async () => undefined)
  fs.mkdirSync(data)
  fs.writeFileSync(path.join(data, 'log'), 'mine')
  expect((await home.run('zerodb', 'start', '--data', data)).stderr).toBe(
    `error: the folder ${data} has other files\nhint: name a new or empty folder with --data\n`,
  )
  expect(fs.readFileSync(path.join(data, 'log'), 'utf8')).toBe('mine')
  fs.rmSync(path.join(data, 'log'))
  fs.mkdirSync(path.join(data, 'server/data'), { recursive: true })
  expect((await home.run('zerodb', 'start', '--data', data)).stderr).toContain('admin-url is missing')
  fs.writeFileSync(path.join(data, 'server/admin-url'), '')
  fs.writeFileSync(path.join(data, 'server/data/PG_VERSION'), '9\n')
  const { code, stderr } = await home.run('zerodb', 'start', '--data', data)
  expect(stderr).toContain('need PostgreSQL 9, which is not installed')
  expect(code).toBe(1)
})
