import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'

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
    const writing = home.run('session', 'create', '--title', 'Two')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    db.exec('rollback')
    expect(await writing).toMatchObject({ code: 0, stderr: '' })
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
