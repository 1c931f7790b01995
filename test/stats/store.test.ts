import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { usePlugins } from '../helpers/plugins.ts'
import { day, sample, seed } from '../helpers/seed.ts'

/** A store that is a user's: it holds an export in memory, and answers no question about many rows. */
const STORE = `
import { memoryStore } from '${path.join(root, 'test/contract/store/memory.ts')}'
import all from './all.json'

const sessions = all.map(({ messages, metadata: { tags, ...metadata }, status = 'active', ...session }: any) => ({
  ...session, status, tags, metadata, message_count: messages.length, messages: messages.map((each: any, i: number) => ({ ...each, seq: i + 1 })),
}))
export default { name: 'memory', apply({ hooks }: any) { hooks.store.tapPromise({ name: 'memory', stage: -10 }, async () => memoryStore(sessions)) } }
`

test('a store that answers no questions gives the same statistics, from its rows', async () => {
  const home = makeHome()
  const said = (number: number, fields = {}) => [
    { role: 'user', content: 'x', timestamp: day(number) },
    { role: 'assistant', content: 'x', timestamp: day(number, 11), usage: { input: 7, output: number }, ...fields },
  ]
  await seed(
    home,
    sample(1, {
      messages: [...said(1), ...said(2, { latency_ms: 100, provider: 'openai', model: 'gpt' })],
      metadata: { tags: ['go', 'api'], project: 'p' },
    }),
    sample(2, { messages: said(9), provider: null }),
    sample(3),
  )
  const commands = [
    ['sample000001'],
    [],
    ['--by', 'tag'],
    ['--by', 'provider,day'],
    ['--by', 'finish'],
    ['--provider', 'anthropic', '--json'],
  ]
  const expected: string[] = []
  for (const words of commands) expected.push(await okHere(home, 'session', 'stats', ...words))
  home.write('elsewhere/all.json', await okHere(home, 'session', 'export', '--all', '-o', '-'))
  usePlugins(home, { 'memory.ts': STORE })
  expect(await home.run('session', 'create', '--title', 'No')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('this store is only read'),
  })
  for (const [i, words] of commands.entries()) expect(await home.ok('session', 'stats', ...words)).toBe(expected[i])
})
