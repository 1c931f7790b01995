import { expect, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'

test('two devices see each other’s sessions', async () => {
  const endpoint = await userOn(await openPostgres(), 'cli')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { title: 'From A', messages: talk('Hello', 'Hi') }))
  expect(await a.ok('session', 'sync', '--push')).toBe('Pushed 1 session and 2 messages\n')
  expect(await b.ok('session', 'sync', '--pull')).toBe('Pulled 1 session and 2 messages; in sync\n')
  const exported = await a.ok('session', 'export', 'sample000001', '-o', '-')
  expect(await b.ok('session', 'export', 'sample000001', '-o', '-')).toBe(exported)
  await b.ok('session', 'tag', 'sample000001', 'go')
  expect(await b.ok('session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await a.ok('session', 'sync', '--bidirectional')).toBe('Pulled 1 session and 0 messages; in sync\n')
  expect(await a.ok('session', 'sync')).toBe('No changes; in sync\n')
  expect((await a.json('session', 'list', '--json'))[0].tags).toEqual(['go'])
  expect(await a.ok('session', 'sync', '--force', '--pull')).toMatch(/in sync\n$/)
})
