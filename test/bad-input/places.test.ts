import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { databaseOf } from '../helpers/database.ts'
import { killAfterLines } from '../helpers/killed.ts'
import { expectProblem } from '../helpers/problem.ts'
import { canBeAnother, freeze, giveAway, runAsAnother } from '../helpers/user.ts'

const another = canBeAnother()
if (!another) console.warn('permissions are not tested: that takes root, setpriv and a folder which others may read')

test.each([[undefined], [''], ['relative']])("HOME %j is the account's own home, never the working folder", async (HOME) => {
  const home = makeHome()
  const { stdout } = await home.runWith({ env: { HOME, XDG_CACHE_HOME: makeHome().dir } }, 'config', 'path')
  expect(stdout).toContain(`Database: ${path.join(os.userInfo().homedir, '.config/ainative-code/sessions.db')}\n`)
  expect(fs.readdirSync(home.dir)).toEqual([])
})

test('a HOME that cannot be one is named', async () => {
  const home = makeHome()
  expectProblem(await home.runWith({ env: { HOME: '/dev/null' } }, 'session', 'list'), 1, '/dev/null/.config/ainative-code/sessions.db')
})

test('the folder and the database are for nobody else', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  expect(fs.statSync(databaseOf(home)).mode & 0o777).toBe(0o600)
  expect(fs.statSync(path.dirname(databaseOf(home))).mode & 0o777).toBe(0o700)
})

describe.skipIf(!another)('without permission', () => {
  test('a user without an account and without HOME is told to set it', () => {
    const home = makeHome()
    const { HOME: _, ...env } = home.env
    fs.chmodSync(home.dir, 0o777)
    expectProblem(runAsAnother(home, ['session', 'list'], env), 1, 'HOME')
    expect(fs.readdirSync(home.dir)).toEqual([])
  })

  test('files and folders that may not be read or written are named', async () => {
    const home = makeHome()
    home.write('a.json', '[]')
    fs.mkdirSync(home.path('closed'))
    fs.mkdirSync(home.path('fixed'))
    home.write('fixed/there.json', 'before')
    giveAway(home)
    fs.chmodSync(home.path('a.json'), 0)
    fs.chmodSync(home.path('closed'), 0)
    fs.chmodSync(home.path('fixed'), 0o555)
    const run = (...argv: string[]) => runAsAnother(home, argv)
    expectProblem(run('session', 'import', '-i', 'a.json'), 1, 'cannot read a.json: permission denied')
    expectProblem(run('session', 'import', '--dir', 'closed'), 1, 'cannot read closed: permission denied')
    expectProblem(run('session', 'export', '--all', '-o', 'fixed/new.json'), 1, 'cannot write fixed/new.json: permission denied')
    expectProblem(run('session', 'export', '--all', '-o', 'fixed/there.json'), 1, 'cannot write fixed/there.json: permission denied')
    expect(home.read('fixed/there.json')).toBe('before')
  })

  test('a read-only database can be read, and a write says why not', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    giveAway(home)
    fs.chmodSync(databaseOf(home), 0o444)
    expect(runAsAnother(home, ['session', 'list'])).toMatchObject({ code: 0, stderr: '' })
    expectProblem(runAsAnother(home, ['session', 'create', '--title', 'x']), 1, 'is read-only', 'hint: check its permissions')
    fs.chmodSync(databaseOf(home), 0)
    expectProblem(runAsAnother(home, ['session', 'list']), 1, 'cannot open the database')
  })

  test.each([[['']], [['', '-wal']], [['', '-wal', '-shm']]])('in a folder that cannot be written, %j is read', async (ends) => {
    const home = makeHome()
    await killAfterLines(home, 'session create --title One')
    const folder = path.dirname(databaseOf(home))
    if (!ends.includes('-wal')) await home.ok('session', 'list')
    for (const end of ['', '-wal', '-shm']) if (!ends.includes(end)) fs.rmSync(`${databaseOf(home)}${end}`, { force: true })
    giveAway(home)
    fs.chmodSync(folder, 0o500)
    const before = fs.readdirSync(folder)
    expect(JSON.parse(runAsAnother(home, ['session', 'list', '--json']).stdout)).toMatchObject([{ title: 'One' }])
    expect(runAsAnother(home, ['query', '$count(sessions)'])).toMatchObject({ code: 0, stdout: '1\n', stderr: '' })
    if (!ends.includes('-shm')) expectProblem(runAsAnother(home, ['session', 'create', '--title', 'x']), 1, databaseOf(home))
    expect(fs.readdirSync(folder)).toEqual(before)
  })

  test('a folder that is closed is named', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    giveAway(home)
    fs.chmodSync(path.dirname(databaseOf(home)), 0)
    expectProblem(runAsAnother(home, ['session', 'list']), 1, databaseOf(home), 'permission denied')
    fs.chmodSync(path.dirname(databaseOf(home)), 0o700)
  })
})

test('on a read-only disk sessions are listed and exported, and a write says why not', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const frozen = freeze(home.dir)
  if (!frozen) return console.warn('a read-only disk is not tested: that takes root and mount')
  onTestFinished(frozen.thaw)
  expectProblem(await home.run('session', 'create', '--title', 'x'), 1, 'read-only')
  expectProblem(await home.run('session', 'import', '-i', '/dev/null'), 1)
  expect(JSON.parse(await home.ok('session', 'list', '--json'))).toHaveLength(1)
  expect(JSON.parse(await home.ok('session', 'export', '--all', '-o', '-'))).toHaveLength(1)
  expectProblem(await home.run('session', 'export', '--all', '-o', 'x.json'), 1, 'cannot write x.json: the disk is read-only')
})
