import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed } from '../helpers/seed.ts'

test('session tags counts all tags, those of a selection, and those that a predicate leaves', async () => {
  const home = makeHome()
  const tagged = (number: number, ...tags: string[]) => sample(number, { metadata: { tags, project: number > 2 ? 'b' : 'a' } })
  await seed(home, tagged(1, 'go', '__proto__', '=1'), tagged(2, 'go', 'api'), tagged(3, 'go'), tagged(4), tagged(5, 'gone'))
  await home.ok('session', 'delete', 'sample000005')
  await home.ok('session', 'archive', 'sample000003')
  expect(await home.ok('session', 'tags')).toMatchInlineSnapshot(`
    "TAG       SESSIONS
    go        3
    =1        1
    __proto__ 1
    api       1
    "
  `)
  const counts = [{ tag: 'go', sessions: 2 }, ...['=1', '__proto__', 'api'].map((tag) => ({ tag, sessions: 1 }))]
  expect(await home.json('session', 'tags', '--project', 'a', '--json')).toEqual(counts)
  expect(await home.json('session', 'tags', '--where', 'metadata.project = "a"', '--json')).toEqual(counts)
  expect(await home.ok('session', 'tags', '--project', 'b', '--format', 'jsonl')).toBe('{"tag":"go","sessions":1}\n')
  expect(await home.run('session', 'tags', '--project', 'none')).toEqual({
    code: 0,
    stdout: 'TAG SESSIONS\n',
    stderr: 'no matching session has tags\n',
  })
})

test('trash lists what is in it, last deleted first, and says how to get it back', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: 'One\x1b[2J' }), sample(2), sample(3))
  await home.ok('session', 'delete', 'sample000002')
  await home.ok('session', 'delete', 'sample000001')
  const { stdout, stderr } = await home.run('trash')
  expect(stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '<time>          ')).toMatchInlineSnapshot(`
    "ID           TITLE     DELETED          MESSAGES
    sample000001 One␛[2J   <time>           0
    sample000002 Session 2 <time>           0
    "
  `)
  expect(stderr).toBe('session restore ID restores a session; session purge permanently removes sessions\n')
  const rows = await home.json('trash', '--json')
  expect(rows.map(({ id, deleted_at }: Record<string, string>) => [id, typeof deleted_at])).toEqual([
    ['sample000001', 'string'],
    ['sample000002', 'string'],
  ])
  expect(await home.json('trash', '--older-than', '1d', '--json')).toEqual([])
  await home.ok('session', 'restore', 'sample000001', 'sample000002')
  expect(await home.run('trash')).toMatchObject({ code: 0, stderr: 'no matching sessions in the trash\n' })
})
