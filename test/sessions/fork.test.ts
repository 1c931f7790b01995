import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

const parent = sample(1, { title: 'Parent', metadata: { tags: ['go'], project: 'x' }, messages: talk('one', 'two', 'three', 'four') })
const showOf = (home: Home, id: string) => here(home).json('session', 'show', id, '--format', 'json')
const contents = (session: { messages: { content: string }[] }) => session.messages.map(({ content }) => content)

test('fork copies a session whole and remembers its parent', async () => {
  const home = makeHome()
  await seed(home, parent)
  const before = await showOf(home, 'sample000001')
  const out = await home.ok('session', 'fork', 'sample000001')
  const [, id = ''] = /as ([0-9a-z]{12}):/.exec(out) ?? []
  expect(out.replace(id, '<id>')).toMatchInlineSnapshot(`
    "Forked sample000001 as <id>: Parent (fork) (4 messages)
    "
  `)
  const branch = await showOf(home, id)
  expect(branch).toMatchObject({ id, provider: 'anthropic', model: 'claude-3-5-sonnet-20241022', metadata: { tags: ['go'], project: 'x' } })
  expect(branch).toMatchObject({ parent_id: 'sample000001', forked_message_id: before.messages[3].id })
  expect(contents(branch)).toEqual(['one', 'two', 'three', 'four'])
  expect(await showOf(home, 'sample000001')).toEqual(before)
})

test('--at copies up to that message, --title names the branch', async () => {
  const home = makeHome()
  await seed(home, parent)
  const before = await showOf(home, 'sample000001')
  const fork = await home.json('session', 'fork', 'sample000001', '--at', '2', '--title', 'Branch', '--json')
  expect(fork).toMatchObject({ title: 'Branch', parent_id: 'sample000001', message_count: 2 })
  const branch = await showOf(home, fork.id)
  expect(contents(branch)).toEqual(['one', 'two'])
  expect(branch.forked_message_id).toBe(before.messages[1].id)
  const [row] = await home.json('session', 'list', '--where', '$exists(parent_id)', '--format', 'json')
  expect(row).toMatchObject({ id: fork.id, title: 'Branch', message_count: 2, parent_id: 'sample000001' })
})

test('a branch and its parent go their own ways', async () => {
  const home = makeHome()
  await seed(home, parent)
  const { id } = await home.json('session', 'fork', 'sample000001', '--json')
  await here(home).ok('session', 'tag', id, 'mine')
  await here(home).ok('session', 'delete', 'sample000001')
  await here(home).ok('session', 'purge', 'sample000001')
  const branch = await showOf(home, id)
  expect([contents(branch), branch.metadata.tags, branch.parent_id]).toEqual([
    ['one', 'two', 'three', 'four'],
    ['go', 'mine'],
    'sample000001',
  ])
})

test('the parent survives an export and an import', async () => {
  const home = makeHome()
  const other = makeHome()
  await seed(home, parent)
  const { id } = await home.json('session', 'fork', 'sample000001', '--json')
  const file = home.path('branch.json')
  await here(home).ok('session', 'export', id, '-o', file)
  await here(other).ok('session', 'import', '-i', file)
  expect(await showOf(other, id)).toEqual(await showOf(home, id))
})

test('- forks each session on standard input', async () => {
  const home = makeHome()
  await seed(home, parent, sample(2))
  const { stdout } = await home.runWith({ input: 'sample000001\nsample000002\n' }, 'session', 'fork', '-')
  expect(stdout.replace(/as [0-9a-z]{12}/g, 'as <id>')).toMatchInlineSnapshot(`
    "Forked sample000001 as <id>: Parent (fork) (4 messages)
    Forked sample000002 as <id>: Session 2 (fork) (0 messages)
    "
  `)
})

test('a message that is not there is refused', async () => {
  const home = makeHome()
  await seed(home, parent)
  const [zero, beyond, word, none] = await Promise.all(
    [['sample000001', '--at', '0'], ['sample000001', '--at', '5'], ['sample000001', '--at', 'last'], []].map((words) =>
      home.run('session', 'fork', ...words),
    ),
  )
  expect([zero?.code, beyond?.code, word?.code, none?.code]).toEqual([2, 1, 2, 2])
  expect(beyond?.stderr).toMatchInlineSnapshot(`
    "error: sample000001 has 4 messages; there is no message 5
    hint: ainative-code session outline sample000001 lists the messages
    "
  `)
  expect(await here(home).json('session', 'list', '--format', 'json')).toHaveLength(1)
})
