import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { failure, sample, samples, seed, talk, titles } from '../helpers/seed.ts'

test('pinned sessions come first in a list, with a mark', async () => {
  const home = makeHome()
  await seed(home, ...samples(4))
  expect(await home.ok('session', 'pin', 'sample000001', 'sample000003')).toBe('Pinned 2 sessions\n')
  expect(await home.ok('session', 'list')).toMatchInlineSnapshot(`
    "ID           TITLE       CREATED          MESSAGES
    sample000003 * Session 3 2024-01-03 10:30 0
    sample000001 * Session 1 2024-01-01 10:30 0
    sample000004 Session 4   2024-01-04 10:30 0
    sample000002 Session 2   2024-01-02 10:30 0
    "
  `)
  const lists = [
    ['-n', '1'],
    ['-n', '3'],
    ['--until', '2024-01-02'],
    ['--where', 'title != "Session 3"', '-n', '2'],
  ]
  expect(await Promise.all(lists.map((flags) => titles(home, ...flags)))).toEqual([
    ['Session 3'],
    ['Session 3', 'Session 1', 'Session 4'],
    ['Session 1', 'Session 2'],
    ['Session 1', 'Session 4'],
  ])
  expect(await home.ok('session', 'unpin', 'sample000003')).toBe('Unpinned sample000003\n')
  expect(await titles(home)).toEqual(['Session 1', 'Session 4', 'Session 3', 'Session 2'])
})

test('--sort and --reverse ask for their order alone', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2, { messages: talk('Hi') }), sample(3))
  await home.ok('session', 'pin', 'sample000001')
  const orders = [['--sort', 'date'], ['--sort', 'messages', '-n', '1'], ['--reverse']]
  expect(await Promise.all(orders.map((flags) => titles(home, ...flags)))).toEqual([
    ['Session 3', 'Session 2', 'Session 1'],
    ['Session 2'],
    ['Session 1', 'Session 2', 'Session 3'],
  ])
  await home.ok('session', 'pin', 'sample000003')
  expect(await titles(home, '--reverse')).toEqual(['Session 1', 'Session 2', 'Session 3'])
})

test('pins are metadata: they are set, exported and imported as such', async () => {
  const home = makeHome()
  await seed(home, ...samples(3), sample(4, { metadata: { pinned: 'no' } }))
  await home.ok('session', 'pin', '--until', '2024-01-01')
  expect(await home.ok('session', 'meta', 'sample000001', 'pinned')).toBe('true\n')
  await home.ok('session', 'meta', 'sample000002', 'pinned', 'true', '--parse')
  expect(await titles(home)).toEqual(['Session 2', 'Session 1', 'Session 4', 'Session 3'])
  await home.ok('session', 'meta', 'sample000001', '--unset', 'pinned')
  const exported = await home.ok('session', 'export', '--all', '-o', '-')
  const other = makeHome()
  await seed(other, ...JSON.parse(exported))
  expect(await titles(other)).toEqual(['Session 2', 'Session 4', 'Session 3', 'Session 1'])
  expect(await home.ok('session', 'list', '--where', 'metadata.pinned = true', '--format', 'csv')).toContain('sample000002')
})

test('pins of a database of an older version are found', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(3), sample(4, { metadata: { pinned: 1 } }))
  await home.ok('session', 'pin', 'sample000001')
  withDatabase(home, (db) =>
    db.exec(`drop index sessions_pinned; alter table sessions drop column pinned; alter table messages drop column hidden;
      update sessions set metadata = '{' where id = 'sample000002'; delete from migrations where name like 'sqlite-0004-%'`),
  )
  expect(await titles(home, '--since', '2024-01-03')).toEqual(['Session 4', 'Session 3'])
  withDatabase(home, (db) => db.exec(`update sessions set metadata = '{}' where id = 'sample000002'`))
  expect(await titles(home)).toEqual(['Session 1', 'Session 4', 'Session 3', 'Session 2'])
})

test('only sessions in use are pinned first', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(4))
  await home.ok('session', 'pin', 'sample000001', 'sample000002')
  await home.ok('session', 'archive', 'sample000001')
  await home.ok('session', 'delete', 'sample000002')
  expect(await titles(home)).toEqual(['Session 4', 'Session 3'])
  expect(await titles(home, '--all')).toEqual(['Session 1', 'Session 4', 'Session 3'])
  expect(await titles(home, '--status', 'deleted')).toEqual(['Session 2'])
  const neither = await failure(home, 2, ['session', 'pin'])
  expect(neither).toContain('session pin requires session ids or selection flags')
})
