import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { failure, sample, script, seed, talk, titles } from '../helpers/seed.ts'

async function filled(): Promise<Home> {
  const home = makeHome()
  await seed(
    home,
    sample(1, { title: 'Needles', metadata: { tags: ['go'] } }),
    sample(2, { title: 'Hay', messages: talk('a needle in the hay', 'and another needle') }),
    sample(3, { title: 'Archive', status: 'archived', messages: talk('needle') }),
    sample(4, { title: 'Nothing', messages: talk('only straw') }),
  )
  return home
}

test('--text selects by title and content, in every command that takes a selection', async () => {
  const home = await filled()
  const near = here(home)
  expect(await titles(near, '--text', 'needle', '--all')).toEqual(['Archive', 'Hay'])
  expect(await titles(home, '--text', 'needle')).toEqual(['Hay'])
  expect(await titles(near, '--text', 'needle*')).toEqual(['Hay', 'Needles'])
  expect(await titles(near, '--text', 'needle* tag:go')).toEqual(['Needles'])
  expect(await titles(home, '--text', '"another needle"', '--where', 'message_count = 2')).toEqual(['Hay'])
  expect(await titles(near, '--text', 'needle straw')).toEqual([])
  expect(await near.ok('session', 'tag', '--text', 'straw', 'dry')).toBe('Tagged sample000004: dry\n')
  expect(await near.ok('session', 'export', '--text', 'needle -hay', '-o', '-', '--format', 'jsonl')).toContain('"Archive"')
  expect(await near.ok('session', 'delete', '--text', 'straw', '--force')).toContain('sample000004')
  expect(await titles(near, '--text', 'straw', '--status', 'deleted')).toEqual(['Nothing'])
  expect(await failure(home, 2, ['session', 'list', '--text', '*'])).toMatch(/--text needs words/)
  expect(await failure(home, 2, ['session', 'delete', '--text', ''])).toMatch(/select everything/)
})

test('session search takes the selection flags, --where too', async () => {
  const home = await filled()
  const idsOf = async (home: Home, ...flags: string[]) =>
    (await home.json('session', 'search', 'needle*', '--sort', 'date', '--format', 'json', ...flags))
      .map(({ id }: { id: string }) => id)
      .sort()
  const ids = (...flags: string[]) => idsOf(here(home), ...flags)
  expect(await ids()).toEqual(['sample000001', 'sample000002', 'sample000003'])
  expect(await ids('--tag', 'go')).toEqual(['sample000001'])
  expect(await idsOf(home, '--where', 'message_count > 1')).toEqual(['sample000002'])
  expect(await ids('--status', 'archived')).toEqual(['sample000003'])
  expect(await ids('--text', 'another')).toEqual(['sample000002'])
  expect(await ids('--text', 'straw')).toEqual([])
  const search = (text: string, ...flags: string[]) =>
    here(home).ok('session', 'search', '--fields', 'id', '--no-header', ...flags, '--', text)
  expect(await search('tag:go -straw', '--text', 'needles')).toBe('sample000001\n')
  expect(await search('neddle', '--text', 'straw OR hay')).toBe('sample000002\n')
  expect(await ids('--since', '2024-01-02', '--until', '2024-01-02')).toEqual(['sample000002'])
})

test('--fields of a search takes the fields that only some results have', async () => {
  const home = here(await filled())
  const close = async (word: string) => (await home.json('session', 'search', word, '--fields', 'close,deleted_at', '--json'))[0]
  expect(await close('straw')).toEqual({ close: null, deleted_at: null })
  expect(await close('neddle')).toEqual({ close: 'did you mean needle?', deleted_at: null })
})

test('$search gives messages to a query, the best first, and none that are only close', async () => {
  const home = await filled()
  const query = (text: string) => home.json('query', text)
  expect(await query('$search("needle hay")')).toMatchObject([
    {
      session_id: 'sample000002',
      role: 'user',
      seq: 1,
      rank: 1,
      content: 'a needle in the hay',
      snippet: 'a needle in the hay',
      offsets: [
        [2, 8],
        [16, 19],
      ],
    },
  ])
  expect(await query('$search("needle").rank')).toEqual([1, 2, 3])
  expect(await query('[sessions[id in $search("needle").session_id].title]')).toEqual(['Archive', 'Hay'])
  expect(await query('[$search("neddle")]')).toEqual([])
  expect(await home.json('session', 'list', '--where', 'id in $search("straw").session_id', '--format', 'json')).toMatchObject([
    { title: 'Nothing' },
  ])
  const lines = await script(
    home,
    '$before := $count($search("fresh"))',
    'session rename sample000001 "fresh"',
    'session fork sample000002 --title x --json',
    '$count($search("needle"))',
  )
  expect(lines.stdout).toMatch(/\n5\n$/)
  expect(await failure(home, 1, ['query', '$search()'])).toMatch(/does not match function signature/)
})
