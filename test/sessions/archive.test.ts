import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, samples, script, seed, talk, titles } from '../helpers/seed.ts'

test('archive hides sessions from list, unarchive brings them back', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(3))
  expect(await home.ok('session', 'archive', 'sample000001', 'sample000002')).toMatchInlineSnapshot(`
    "Archived 2 sessions
    "
  `)
  expect(await titles(home)).toEqual(['Session 3'])
  expect(await titles(home, '--status', 'archived')).toEqual(['Session 2', 'Session 1'])
  expect(await home.ok('session', 'unarchive', 'sample000001')).toMatchInlineSnapshot(`
    "Unarchived sample000001
    "
  `)
  expect(await titles(home)).toEqual(['Session 3', 'Session 1'])
})

test('archived sessions are hidden in list alone', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi'), metadata: { tags: ['go'] } }), sample(2, { metadata: { tags: ['go'] } }))
  await home.ok('session', 'archive', 'sample000001')
  expect(await home.ok('session', 'show', 'sample000001')).toContain('Hi')
  expect(await home.ok('query', '$count(sessions)')).toBe('2\n')
  const exported = await home.ok('session', 'export', '--tag', 'go', '-o', '-')
  expect(JSON.parse(exported).map((session: { id: string }) => session.id)).toEqual(['sample000001', 'sample000002'])
  await home.ok('session', 'tag', '--tag', 'go', 'seen')
  expect(await titles(home, '--all', '--tag', 'seen')).toEqual(['Session 2', 'Session 1'])
  await home.ok('session', 'delete', '--tag', 'go')
  expect(await titles(home, '--status', 'deleted')).toEqual(['Session 2', 'Session 1'])
})

test('archive takes ids, - or selection flags', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(5))
  await home.runWith({ input: 'sample000001\n' }, 'session', 'archive', 'sample000002', '-')
  expect(await titles(home)).toEqual(['Session 5', 'Session 4', 'Session 3'])
  expect(await home.ok('session', 'archive', '--search', 'session', '--before', '2024-01-04')).toMatchInlineSnapshot(`
    "Archived 3 sessions
    "
  `)
  expect(await titles(home)).toEqual(['Session 5', 'Session 4'])
  await home.ok('session', 'unarchive', '--status', 'archived')
  expect(await titles(home)).toEqual(['Session 5', 'Session 4', 'Session 3', 'Session 2', 'Session 1'])
})

test('ids together with flags, and neither, are wrong usage', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const [both, neither] = await Promise.all([
    failure(home, 2, ['session', 'archive', 'sample000001', '--tag', 'go']),
    failure(home, 2, ['session', 'archive']),
  ])
  expect(`${both}${neither}`).toMatchInlineSnapshot(`
    "error: session archive takes ids or selection flags, not both
    hint: leave out "sample000001", or the flags
    error: session archive requires session ids or selection flags
    hint: ainative-code session archive --help
    "
  `)
})

test('a status survives an export and an import', async () => {
  const home = here(makeHome())
  const other = here(makeHome())
  await seed(home, ...samples(3))
  await script(home, 'session archive sample000001', 'session meta sample000002 status paused', 'session export --all -o all.json')
  await other.ok('session', 'import', '-i', home.path('all.json'))
  expect([await titles(other, '--status', 'archived'), await titles(other, '--status', 'paused')]).toEqual([['Session 1'], ['Session 2']])
})
