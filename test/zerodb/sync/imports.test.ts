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

const exported = (home: ReturnType<typeof makeHome>) => here(home).ok('session', 'export', '--all', '--format', 'json', '-o', '-')

async function contents(home: ReturnType<typeof makeHome>): Promise<string[][]> {
  const sessions = [JSON.parse(await exported(home))].flat()
  return sessions.map(({ messages }) => messages.map(({ content }: { content: string }) => content))
}
