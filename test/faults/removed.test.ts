import { once } from 'node:events'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { databaseOf, lookInto, withDatabase } from '../helpers/database.ts'
import { killAfterLines } from '../helpers/killed.ts'
import { expectProblem } from '../helpers/problem.ts'
import { answer, openShell } from '../helpers/pty.ts'

const titlesOf = async (home: Home) =>
  (await here(home).json<{ title: string }[]>('session', 'list', '--json')).map(({ title }) => title).sort()

test.each([
  ['the database with all that is beside it', ['', '-wal', '-shm'], 'sessions.db'],
  ['the database', [''], 'sessions.db'],
  ['the -wal file', ['-wal'], 'sessions.db-wal'],
  ['the -shm file', ['-shm'], 'sessions.db-shm'],
])('a shell reports nothing as stored once %s was removed', async (_, ends, named) => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title One', /Created session/)
  for (const end of ends) fs.rmSync(`${databaseOf(home)}${end}`)
  const says = new RegExp(`error: .*/${named} was removed or replaced while the database was open; nothing was written`)
  expect(await answer(shell, 'session create --title Lost', says)).not.toContain('Created session')
  await answer(shell, 'session list', /One/)
})

test.each([
  ['removed', 'session list', (home: Home) => fs.rmSync(home.path('d'), { recursive: true })],
  ['replaced', 'session list', replaceFolder],
  ['removed after a query', 'query $count(sessions)', (home: Home) => fs.rmSync(home.path('d'), { recursive: true })],
  ['replaced after a query', 'query $count(sessions)', replaceFolder],
])('no query of a script reads another database than its list once the folder was %s', async (_, first, change) => {
  const home = makeHome()
  const at = (folder: string) => ({ env: { AINATIVE_DB_PATH: home.path(folder, 'sessions.db') } })
  const inside = (folder: string) => here({ ...home, env: { ...home.env, ...at(folder).env } })
  for (const title of ['One', 'Two']) await inside('d2').ok('session', 'create', '--title', title)
  await inside('d').ok('session', 'create', '--title', 'Old')
  const script = startCli(['run', '-', '--keep-going'], { cwd: home.dir, env: { ...home.env, ...at('d').env } })
  const ended = once(script, 'exit')
  let [stdout, stderr] = ['', '']
  script.stdout.on('data', (data) => {
    stdout += data
  })
  script.stderr.on('data', (data) => {
    stderr += data
  })
  script.stdin.write(`session list\n${first}\n`)
  await expect.poll(() => stdout, { timeout: 20_000 }).toMatch(/Old[\s\S]*(Old|\n1\n)/)
  stdout = ''
  change(home)
  script.stdin.end('query $count(sessions)\nsession list --where "messages = []"\nsession list\n')
  expect(await ended).toEqual([1, null])
  expect(stdout).toContain('Old')
  expect(stdout).not.toMatch(/Two|^\d$/m)
  expect(
    stderr.match(/error: .*d\/sessions\.db was removed or replaced while the database was open; the data cannot be read/g),
  ).toHaveLength(2)
  expect(stderr).not.toContain('failed in hook')
})

function replaceFolder(home: Home): void {
  fs.renameSync(home.path('d'), home.path('d.old'))
  fs.cpSync(home.path('d2'), home.path('d'), { recursive: true })
}

test('what a shell stored before its -wal file was removed is there after its end', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title One', /Created session/)
  fs.rmSync(`${databaseOf(home)}-wal`)
  await answer(shell, 'session create --title Lost', /nothing was written/)
  shell.type('exit\r')
  await shell.ended()
  expect(await titlesOf(home)).toEqual(['One'])
  expect(lookInto(home)).toMatchObject({ integrity: 'ok' })
})

test.each([
  ['by cp', (from: string, to: string) => fs.copyFileSync(from, to)],
  ['by mv', (from: string, to: string) => fs.renameSync(from, to)],
])('a shell notices that its database was replaced %s, and leaves the new one as it is', async (_, replace) => {
  const home = makeHome()
  await home.create('--title', 'Old')
  await here(home).ok('session', 'backup', home.path('b.db'))
  const bytes = fs.readFileSync(home.path('b.db'))
  const shell = await openShell(home)
  await answer(shell, 'session create --title New', /Created session/)
  replace(home.path('b.db'), databaseOf(home))
  await answer(shell, 'session create --title Lost', /sessions\.db was removed or replaced .*; nothing was written/)
  shell.type('exit\r')
  await shell.ended()
  expect(fs.readFileSync(databaseOf(home)).equals(bytes)).toBe(true)
})

test('a checkpoint that a reader cuts short makes no database look replaced', async () => {
  const home = makeHome()
  await home.create('--title', 'Old')
  await withDatabase(home, async (reader) => {
    reader.prepare('select count(*) from sessions').get()
    const long = [{ role: 'user', content: 'x'.repeat(500_000), timestamp: '2024-01-01T00:00:00Z' }]
    home.write('long.json', JSON.stringify({ id: 'long00000001', title: 'Long', messages: long }))
    await home.ok('session', 'import', '-i', 'long.json')
    reader.exec('begin')
    reader.prepare('select count(*) from sessions').get()
    await home.create('--title', 'New')
    withDatabase(home, (other) => expect(other.pragma('wal_checkpoint(passive)')).toMatchObject([{ busy: 0 }]))
    expect(fs.statSync(databaseOf(home)).mtimeMs).toBeGreaterThan(fs.statSync(`${databaseOf(home)}-wal`).mtimeMs)
    expect(await titlesOf(home)).toEqual(['Long', 'New', 'Old'])
    reader.exec('rollback')
  })
})

test('a script leaves the database alone that took the place of its own by cp', async () => {
  const home = makeHome()
  await home.create('--title', 'Old')
  const long = [{ role: 'user', content: 'x'.repeat(500_000), timestamp: '2024-01-01T00:00:00Z' }]
  home.write('long.json', JSON.stringify({ id: 'long00000001', title: 'Long', messages: long }))
  await home.runWith({ env: { AINATIVE_DB_PATH: home.path('b.db') } }, 'session', 'import', '-i', 'long.json')
  const bytes = fs.readFileSync(home.path('b.db'))
  const script = startCli([], { cwd: home.dir, env: home.env })
  const ended = once(script, 'exit')
  script.stdin.write('session create --title New\n')
  await once(script.stdout, 'data')
  fs.copyFileSync(home.path('b.db'), databaseOf(home))
  script.stdin.end()
  expect(await ended).toEqual([0, null])
  expect(fs.readFileSync(databaseOf(home)).equals(bytes)).toBe(true)
  expect(fs.existsSync(`${databaseOf(home)}-wal`)).toBe(true)
})

const backups: [name: string, make: (home: Home) => Promise<void>][] = [
  ['made by session backup', async (home) => void (await here(home).ok('session', 'backup', home.path('b.db')))],
  ['made by cp', async (home) => fs.copyFileSync(databaseOf(home), home.path('b.db'))],
  [
    'of another database',
    async (home) =>
      void (await here({ ...home, env: { ...home.env, AINATIVE_DB_PATH: home.path('b.db') } }).ok(
        'session',
        'create',
        '--title',
        'Elsewhere',
      )),
  ],
]

test.each(backups)('a backup %s beside the -wal file of the previous database is refused', async (_, make) => {
  const home = makeHome()
  await home.create('--title', 'Old')
  await make(home)
  await killAfterLines(home, 'session create --title New')
  fs.copyFileSync(home.path('b.db'), databaseOf(home))
  const before = fs.readFileSync(databaseOf(home))
  for (const argv of [
    ['session', 'list'],
    ['session', 'create', '--title', 'x'],
    ['query', '1'],
  ])
    expectProblem(await home.run(...argv), 1, 'sessions.db was ', 'sessions.db-wal', 'hint: stop every')
  expect(fs.readFileSync(databaseOf(home)).equals(before)).toBe(true)
  const { stderr } = await home.run('session', 'list')
  const [, from, to] = /mv '([^']*)' '([^']*)'/.exec(stderr) as unknown as [string, string, string]
  fs.renameSync(from, to)
  expect(await titlesOf(home)).toHaveLength(1)
  expect(await titlesOf(home)).not.toContain('New')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok' })
})

test('a -wal file without its database is refused, since SQLite would remove it', async () => {
  const home = makeHome()
  await home.create('--title', 'Old')
  await killAfterLines(home, 'session create --title New')
  fs.renameSync(databaseOf(home), home.path('aside.db'))
  expectProblem(await home.run('session', 'list'), 1, 'was replaced or removed')
  fs.renameSync(home.path('aside.db'), databaseOf(home))
  expect(await titlesOf(home)).toEqual(['New', 'Old'])
})

test('a database is opened with its own -wal file, also in a copy of its folder', async () => {
  const home = makeHome()
  await killAfterLines(home, 'session create --title One', 'session create --title Two')
  // With new times, the order of the names in the folder would decide which file seems newer.
  fs.cpSync(home.path('.config/ainative-code'), home.path('copy'), { recursive: true, preserveTimestamps: true })
  const env = { AINATIVE_DB_PATH: home.path('copy/sessions.db') }
  expect(await home.runWith({ env }, 'query', '$count(sessions)')).toMatchObject({ stdout: '2\n' })
  expect(await titlesOf(home)).toEqual(['One', 'Two'])
})
