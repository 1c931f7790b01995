import { once } from 'node:events'
import { expect, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { makeHome, startCli } from '../helpers/cli.ts'
import { databaseOf, lookInto, withDatabase } from '../helpers/database.ts'
import { hasOpen } from '../helpers/open-file.ts'
import { expectProblem } from '../helpers/problem.ts'
import { answer, openShell } from '../helpers/pty.ts'
import { until } from '../helpers/until.ts'

test('a database that another process has locked is waited for, then named', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const results = await withDatabase(home, async (db) => {
    db.exec('begin immediate')
    const reading = home.run('session', 'list', '--json')
    const writing = home.run('session', 'create', '--title', 'Two')
    const both = await Promise.all([reading, writing])
    db.exec('rollback')
    return both
  })
  expect(JSON.parse(results[0].stdout)).toHaveLength(1)
  expectProblem(results[1], 1, 'another process has locked the database', 'hint: try again')
  await home.create('--title', 'Two')
})

test('a lock that goes away in time fails nobody', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  await withDatabase(home, async (db) => {
    db.exec('begin immediate')
    const child = startCli(['session', 'create', '--title', 'Two'], { cwd: home.dir, env: home.env })
    const ended = once(child, 'exit')
    await until('the command at the database', () => child.exitCode !== null || hasOpen(child.pid, databaseOf(home)))
    db.exec('rollback')
    expect(await ended).toEqual([0, null])
  })
})

test('an import that has begun waits longer for another writer than a command does', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const child = startCli(['session', 'import', '-i', '-'], { cwd: home.dir, env: home.env })
  const ended = once(child, 'exit')
  const text = backup({ sessions: 1200 })
  child.stdin.write(text.slice(0, -3))
  await until('the first transaction of the import', () => child.exitCode !== null || lookInto(home).staged > 0)
  const refused = await withDatabase(home, async (db) => {
    db.exec('begin immediate')
    child.stdin.end(text.slice(-3))
    const result = await home.run('session', 'create', '--title', 'Two')
    db.exec('rollback')
    return result
  })
  expectProblem(refused, 1, '(waited 5 s)', 'hint: try again')
  expect(await ended).toEqual([0, null])
  expect(lookInto(home)).toMatchObject({ sessions: 1201, staged: 0, imports: 0 })
})

test('a database in exclusive mode is named for a reader too', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const result = await withDatabase(home, async (db) => {
    db.pragma('locking_mode = exclusive')
    db.exec('create table held (a); drop table held')
    return home.run('session', 'list')
  })
  expectProblem(result, 1, 'another process has locked the database')
})

test.each(['begin immediate', 'begin exclusive'])(
  'a reader does not wait for a writer that holds "%s", nor for what a dead import left',
  async (begin) => {
    const home = makeHome()
    await home.create('--title', 'One')
    const { stdout, stderr } = await withDatabase(home, async (db) => {
      db.exec(`insert into imports (pid, host, beat_at) values (999999, 'elsewhere', 0)`)
      db.exec(begin)
      const result = await home.run('session', 'list', '--json')
      // The lock is still held: nothing waited for its end.
      db.exec('rollback')
      return result
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toHaveLength(1)
    await home.ok('session', 'list')
    expect(lookInto(home).imports).toBe(0)
  },
)

test('a database in another journal mode is read while a writer holds it', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const rows = await withDatabase(home, async (db) => {
    db.pragma('journal_mode = delete')
    db.exec('begin immediate')
    const result = await home.json('session', 'list', '--json')
    db.exec('rollback')
    return result
  })
  expect(rows).toHaveLength(1)
  await home.create('--title', 'Two')
  expect(withDatabase(home, (db) => db.pragma('journal_mode', { simple: true }))).toBe('wal')
})

test('a shell that found the database locked opens it later', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const shell = await withDatabase(home, async (db) => {
    db.pragma('locking_mode = exclusive')
    db.exec('create table held (a); drop table held')
    const opened = await openShell(home)
    await answer(opened, 'session list', /error: another process has locked the database/)
    return opened
  })
  await answer(shell, 'session list', /One/)
})
