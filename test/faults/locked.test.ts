import { once } from 'node:events'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { databaseOf, withDatabase } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'
import { until } from '../helpers/until.ts'

/** Whether a process has a file open; where the system does not tell, it counts as open. */
function hasOpen(pid: number | undefined, file: string): boolean {
  const folder = `/proc/${pid}/fd`
  if (!fs.existsSync('/proc/self/fd')) return true
  try {
    return fs.readdirSync(folder).some((name) => fs.readlinkSync(`${folder}/${name}`) === file)
  } catch {
    return false
  }
}

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
