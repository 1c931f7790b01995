import { expect, test } from 'vitest'
import { CATALOGUE } from '../../plugins/stats/prices/catalogue-version.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { day, failure, type MessageFile, sample, script, seed, talk } from '../helpers/seed.ts'

/** Twelve questions, each answered after 3.2 s, within 2 h 15 min; every reply has counts of tokens. */
function conversation(): MessageFile[] {
  const start = Date.parse('2024-01-15T10:30:00Z')
  const time = (ms: number) => new Date(start + ms).toISOString()
  return Array.from({ length: 12 }, (_, i) => {
    const asked = i === 11 ? 8_100_000 - 3200 : i * 600_000
    const usage = { input: 1000, output: i === 0 ? 235 + 2999 : 0 }
    return [
      { role: 'user', content: 'x', timestamp: time(asked) },
      { role: 'assistant', content: 'x', timestamp: time(asked + 3200), usage },
    ]
  }).flat()
}

const GUIDE = `Session Statistics for abc123def456
───────────────────────────────────
Total Messages: 24
User Messages: 12
Assistant Messages: 12
Total Tokens: 15,234
Average Response Time: 3.2s
Duration: 2h 15m
First Message: 2024-01-15 10:30:00
Last Message: 2024-01-15 12:45:00
`

const of = (...messages: MessageFile[]) => sample(1, { id: 'abc123def456', messages })
const block = async (...messages: MessageFile[]) => {
  const home = here(makeHome())
  await seed(home, of(...messages))
  return home.ok('session', 'stats', 'abc123')
}

test("prints the guide's block, one-shot and at the prompt, and the same values as numbers", async () => {
  const home = here(makeHome())
  await seed(home, of(...conversation()))
  expect(await home.run('session', 'stats', 'abc123')).toEqual({ code: 0, stdout: GUIDE, stderr: '' })
  expect(await script(home, 'session stats abc123def456')).toEqual({ code: 0, stdout: GUIDE, stderr: '' })
  const numbers = {
    id: 'abc123def456',
    total_messages: 24,
    user_messages: 12,
    assistant_messages: 12,
    total_tokens: 15_234,
    counted_messages: 12,
    uncounted_replies: 0,
    average_response_ms: 3200,
    duration_ms: 8_100_000,
    first_message: '2024-01-15T10:30:00Z',
    last_message: '2024-01-15T12:45:00Z',
  }
  const costs = [{ amount: 0.08451, currency: 'USD', source: 'computed', messages: 12 }]
  const cost = { costs, local: 0, unpriced: [], uncounted: 0, prices_date: CATALOGUE.date }
  const expected = { ...numbers, cost_usd: 0.08451, cost }
  expect(await home.json('session', 'stats', 'abc123', '--format', 'json')).toEqual(expected)
  expect(JSON.parse(await home.ok('session', 'stats', 'abc123', '--format', 'jsonl'))).toEqual(expected)
  expect(await home.ok('session', 'stats', 'abc123', '--format', 'csv')).toBe(
    `${Object.keys(numbers).join()},cost_usd,cost,prices_date\n${Object.values(numbers).join()},0.08451,$0.0845,${CATALOGUE.date}\n`,
  )
})

test('takes several ids, @name and standard input', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { messages: talk('a', 'b') }), sample(2))
  const both = await home.ok('session', 'stats', 'sample000001', 'sample000002')
  expect(both).toMatch(
    /for sample000001\n[\s\S]*Total Messages: 2\n[\s\S]*\n\nSession Statistics for sample000002\n[\s\S]*Total Messages: 0\n/,
  )
  expect(await home.runWith({ input: 'sample000001\n{"id":"sample000002"}\n' }, 'session', 'stats', '-')).toMatchObject({
    code: 0,
    stdout: both,
  })
  expect((await script(home, '$all := $reverse(sessions.id)', 'session stats @all')).stdout).toContain(both)
  expect(await home.json('session', 'stats', 'sample000001', 'sample000002', '--json')).toMatchObject([
    { total_messages: 2 },
    { total_messages: 0 },
  ])
})

test('says unknown where nothing can be known, and 0 where nothing was used', async () => {
  expect(await block()).toMatch(
    /Messages: 0\nTotal Tokens: unknown\nAverage Response Time: unknown\nDuration: unknown\nFirst Message: unknown\nLast Message: unknown\n$/,
  )
  expect(await block({ role: 'user', content: 'x', timestamp: day(3) })).toMatch(
    /Total Tokens: unknown\nAverage Response Time: unknown\nDuration: 0s\nFirst Message: 2024-01-03 10:30:00\n/,
  )
  expect(await block({ role: 'assistant', content: 'x', usage: { input: 0, output: 0 } })).toContain('Total Tokens: 0\n')
})

test('says of how many messages a total of tokens is', async () => {
  const counted = { role: 'assistant', content: 'x', usage: { input: 10, output: 5 } }
  expect(await block({ role: 'user', content: 'x' }, counted)).toContain('Total Tokens: 15\n')
  expect(await block({ role: 'user', content: 'x' }, counted, { role: 'assistant', content: 'x' })).toContain(
    'Total Tokens: 15 (of 1 of 3 messages)\n',
  )
})

test('counts messages of all roles, and partial replies', async () => {
  const roles = ['system', 'user', 'tool', 'assistant'].map((role) => ({ role, content: 'x' }))
  expect(await block(...roles, { role: 'assistant', content: 'x', state: 'partial' })).toMatch(
    /Total Messages: 5\nUser Messages: 1\nAssistant Messages: 2\n/,
  )
})

test('never prints a negative time', async () => {
  const at = (second: number) => ({ content: 'x', timestamp: new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString() })
  const text = await block(
    { role: 'user', ...at(50) },
    { role: 'assistant', ...at(20) },
    { role: 'user', ...at(30) },
    { role: 'assistant', ...at(32) },
  )
  expect(text).toMatch(
    /Average Response Time: 2.0s\nDuration: 30s\nFirst Message: 2024-01-01 00:00:20\nLast Message: 2024-01-01 00:00:50\n/,
  )
})

test('prefers the latency that is stored', async () => {
  const reply = { role: 'assistant', content: 'x', timestamp: day(1, 10, 31), latency_ms: 850 }
  expect(await block({ role: 'user', content: 'x', timestamp: day(1) }, reply)).toContain('Average Response Time: 0.9s\n')
})

test('times are those of defaults.time_zone, else of the system', async () => {
  const home = makeHome({ TZ: 'America/New_York' })
  await seed(home, of(...talk('a')))
  expect(await home.ok('session', 'stats', 'abc123')).toContain('First Message: 2024-01-01 05:00:00\n')
  home.write('.ainativerc', 'defaults: { time_zone: Asia/Kathmandu }')
  expect(await home.ok('session', 'stats', 'abc123')).toContain('First Message: 2024-01-01 15:45:00\n')
})

test('refuses ids beside flags, unknown and trashed ids', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2))
  await home.ok('session', 'delete', 'sample000002', '--force')
  expect(await failure(home, 2, ['session', 'stats', 'sample000001', '--tag', 'go'])).toContain('ids or selection flags, not both')
  expect(await failure(home, 1, ['session', 'stats', 'sample000009'])).toContain('there is no session "sample000009"')
  expect(await failure(home, 1, ['session', 'stats', 'sample000002'])).toContain('in the trash')
})
