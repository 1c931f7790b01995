import { expect, test } from 'vitest'
import { here, makeHome } from '../../helpers/cli.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { importText } from '../../helpers/seed.ts'
import { until } from '../../helpers/until.ts'

const at = (timestamp: string) => ({ timestamp: `2024-01-01T10:0${timestamp}:00Z` })
const lines = (...messages: object[]) => messages.map((each, i) => ({ role: i % 2 ? 'assistant' : 'user', ...each }))
const ONE = { id: 'dupdupdup001', title: 'x' }
const FILES = {
  'without times': JSON.stringify({
    ...ONE,
    messages: lines({ content: 'one' }, { content: 'two' }, { content: 'one' }, { content: 'two' }),
  }),
  'with some times': JSON.stringify({ ...ONE, messages: lines({ content: 'one' }, { content: 'two', ...at('1') }, { content: 'one' }) }),
  'in JSON lines': ['dupdupdup001', 'dupdupdup002']
    .map((id) => JSON.stringify({ id, title: 'x', messages: lines({ content: 'one' }, { content: 'two' }) }))
    .join('\n'),
}

test.each(Object.entries(FILES))('a file %s that is imported on two devices gives no message twice', async (_, file) => {
  const endpoint = await userOn(await openPostgres(), 'imports')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await importText(a, file)
  const imported = Date.now()
  await until('a later time of import', () => Date.now() > imported)
  await importText(b, file)
  const before = await contents(a)
  for (const home of [a, b, a]) await home.ok('session', 'sync')
  for (const home of [a, b]) {
    expect(await contents(home)).toEqual(before)
    expect(await home.json('session', 'conflicts', '--json')).toEqual([])
    expect((await importText(home, file, '--merge')).stdout).toMatch(/^Imported 0 sessions \(0 messages\)/)
    expect(await home.ok('session', 'sync')).toBe('No changes; in sync\n')
  }
  expect(await exported(b)).toBe(await exported(a))
})

test('an imported session that is local-only in other letters is not sent, and a key in other letters is a note', async () => {
  const endpoint = await userOn(await openPostgres(), 'letters')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  const session = (number: number, metadata: object) => ({ id: `sample00000${number}`, title: `${number}`, metadata, messages: [] })
  const text = JSON.stringify([
    session(1, { sync: 'Local-Only' }),
    session(2, { Sync: 'local-only' }),
    session(3, { SYNC: 'Local-only' }),
    session(4, { Sync: 'local-only', sync: 'local-only' }),
    session(5, { Sync: 1 }),
  ])
  expect((await importText(a, text)).stderr).toBe(
    'the key sync in the metadata is not in lowercase, so it does not keep sample000002 and 1 other session on this device; ' +
      'ainative-code session meta sample000002 sync local-only does\n',
  )
  for (const home of [a, b]) await home.ok('session', 'sync')
  const ids = (await here(b).json('session', 'list', '--json')).map(({ id }: { id: string }) => id)
  expect(ids.sort()).toEqual(['sample000002', 'sample000003', 'sample000005'])
  expect(await here(a).ok('session', 'meta', 'sample000001', 'sync')).toBe('local-only\n')
  expect((await importText(makeHome(), text, '--local-only')).stderr).toBe('')
})

const exported = (home: ReturnType<typeof makeHome>) => here(home).ok('session', 'export', '--all', '--format', 'json', '-o', '-')

async function contents(home: ReturnType<typeof makeHome>): Promise<string[][]> {
  const sessions = [JSON.parse(await exported(home))].flat()
  return sessions.map(({ messages }) => messages.map(({ content }: { content: string }) => content))
}
