import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed } from '../helpers/seed.ts'

/** Ids by what "most recent" means. */
const recent = async (home: Home) =>
  (await home.json('session', 'list', '--format', 'json'))
    .filter((row: { activated_at?: string }) => row.activated_at)
    .sort((a: { activated_at: string }, b: { activated_at: string }) => (a.activated_at < b.activated_at ? 1 : -1))
    .map((row: { id: string }) => row.id)

test('use makes a session the active one and does not make it newer', async () => {
  const home = makeHome()
  await seed(home, sample(1), sample(2))
  expect(await recent(home)).toEqual([])
  const [before] = await home.json('session', 'list', '--search', 'Session 1', '--json')
  expect(await home.ok('session', 'use', 'sample000001')).toMatchInlineSnapshot(`
    "sample000001 is now the active session: Session 1
    "
  `)
  const [{ activated_at, ...after }] = await home.json('session', 'list', '--search', 'Session 1', '--json')
  expect(after).toEqual(before)
  expect(Date.parse(activated_at)).toBeGreaterThan(Date.parse(before.updated_at))
  await home.ok('session', 'use', 'sample000002')
  expect(await recent(home)).toEqual(['sample000002', 'sample000001'])
  await home.ok('session', 'use', 'sample000001')
  expect(await recent(home)).toEqual(['sample000001', 'sample000002'])
})

test('what is active here is not exported, imported or forked', async () => {
  const home = makeHome()
  const id = await home.create('--title', 'Active')
  await home.ok('session', 'export', id, '-o', 'active.json')
  expect(home.read('active.json')).not.toContain('activated_at')
  home.write('brought.json', JSON.stringify(sample(1, { activated_at: '2099-01-01T00:00:00Z' })))
  await home.ok('session', 'import', '-i', 'brought.json')
  await home.ok('session', 'import', '-i', 'brought.json', '--new-id')
  await home.ok('session', 'fork', id)
  expect(await recent(home)).toEqual([id])
})

test('use takes one session that is there', async () => {
  const home = makeHome()
  await seed(home, sample(1), sample(2))
  await home.ok('session', 'delete', 'sample000002')
  expect(await failure(home, 1, ['session', 'use', 'sample000002'])).toContain('session restore sample000002')
  expect(await failure(home, 2, ['session', 'use'])).toMatchInlineSnapshot(`
    "error: session use needs <id>
    hint: ainative-code session use --help
    "
  `)
  expect(await failure(home, 2, ['session', 'use', 'sample000001', 'sample000002'])).toMatchInlineSnapshot(`
    "error: unexpected argument "sample000002": session use takes <id>
    hint: quote a text that contains spaces
    "
  `)
})
