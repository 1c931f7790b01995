import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed } from '../helpers/seed.ts'

const sessions = [
  sample(1, { title: 'API plan' }),
  sample(2, { title: 'Notes' }),
  sample(3, { title: 'NOTES' }),
  sample(4, { title: 'sample000001' }),
  sample(5, { title: 'same' }),
  sample(6, { title: 'same' }),
  sample(7, { title: 'only \u001b[31mred\u202e' }),
  sample(8, { title: 'Ünique', id: 'same00000008' }),
]

test('a title that one session has stands for its id: as it is written, else in any case; an id goes first', async () => {
  const home = here(makeHome())
  await seed(home, ...sessions)
  const idOf = async (word: string) => (await home.json('session', 'show', word, '--summary', '--json')).id
  expect(await idOf('API plan')).toBe('sample000001')
  expect(await idOf('api PLAN')).toBe('sample000001')
  expect(await idOf('Notes')).toBe('sample000002')
  expect(await idOf('ünique')).toBe('same00000008')
  expect(await idOf('sample000001')).toBe('sample000001')
  expect(await idOf('same')).toBe('same00000008')
  expect(await idOf('only \u001b[31mred\u202e')).toBe('sample000007')
  await home.ok('session', 'tag', 'Notes', 'kept')
  expect(await home.ok('session', 'meta', 'sample000002', 'tags')).toBe('["kept"]\n')
  expect(await failure(home, 1, ['session', 'show', 'nOTES'])).toMatchInlineSnapshot(`
    "error: several sessions have the title "nOTES":
      sample000002  2024-01-02 10:30  Notes
      sample000003  2024-01-03 10:30  NOTES
    hint: use the id of one of them
    "
  `)
  expect(await failure(home, 1, ['session', 'show', 'api plna'])).toMatchInlineSnapshot(`
    "error: "api plna" is not a session id or title
    hint: did you mean "API plan"?
    "
  `)
})

test('delete and purge take a title only in exactly its letters', async () => {
  const home = here(makeHome())
  await seed(home, ...sessions)
  expect(await failure(home, 1, ['session', 'delete', 'api plan'])).toMatch(/is not a session id or title\nhint: did you mean "API plan"\?/)
  await home.ok('session', 'delete', 'API plan')
  expect(await failure(home, 1, ['session', 'show', 'API plan'])).toMatch(/is not a session id or title/)
  expect(await failure(home, 1, ['session', 'purge', 'Api plan'])).toMatch(/is not a session id or title/)
  expect(await home.ok('session', 'purge', 'API plan')).toBe('Permanently removed sample000001\n')
  // The id that was purged is now only a title; the words of a variable are ids alone.
  expect((await home.json('session', 'show', 'sample000001', '--summary', '--json')).id).toBe('sample000004')
  expect((await home.runWith({ input: '$t := "Notes"\nsession show @t\n' })).stderr).toMatch(/"Notes" is not a session id\n/)
})

test('last is the session used last, and in the trash the one deleted last', async () => {
  const home = here(makeHome())
  expect(await failure(home, 1, ['session', 'show', 'last'])).toMatchInlineSnapshot(`
    "error: there is no last session yet
    hint: ainative-code chat starts one
    "
  `)
  await seed(home, ...sessions, sample(9, { id: 'last00000000' }))
  const last = async () => (await home.json('session', 'show', 'last', '--summary', '--json')).id
  expect(await last()).toBe('last00000000')
  await home.ok('session', 'use', 'Notes')
  expect(await last()).toBe('sample000002')
  expect(await home.ok('session', 'delete', 'last')).toMatch(/^Deleted sample000002 /)
  expect(await home.ok('session', 'restore', 'last')).toBe('Restored sample000002\n')
  await home.ok('session', 'delete', '--search', 'same')
  expect(await failure(home, 1, ['session', 'purge', 'last'])).toMatchInlineSnapshot(`
    "error: several sessions were deleted last:
      sample000006  same
      sample000005  same
    hint: use the id of one of them
    "
  `)
})

test('completion offers titles and last', async () => {
  const home = here(makeHome())
  await seed(home, ...sessions)
  expect(await home.ok('complete', 'fish', '--', 'session', 'show', 'AP')).toBe('API plan\tsample000001\n')
  expect(await home.ok('complete', 'fish', '--', 'session', 'show', 'la')).toBe('last\tThe most recently used session\n')
  expect(await home.ok('complete', 'fish', '--', 'session', 'show', 'sam')).toContain('same00000008\t')
  expect(await home.ok('complete', 'fish', '--', 'session', 'show', 'only')).toBe('')
})
