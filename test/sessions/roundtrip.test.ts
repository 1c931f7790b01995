import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { type SessionFile, sample, seed, talk } from '../helpers/seed.ts'

const rich = sample(1, {
  created_at: '2024-01-15T10:30:00.123Z',
  updated_at: '2024-02-15T10:30:00Z',
  provider: 'anyone',
  model: 'any-model/2',
  metadata: { project: 'x', tags: ['b', 'a'], deep: { list: [1, null, { x: 'y' }], no: false }, number: 1.5e-7 },
  status: 'archived',
  origin: { tool: 'other', id: 7 },
  unknown: { kept: ['as', 'it', 'is'], big: 12345678901 },
  tool_calls: [],
  null_field: null,
  messages: [
    { role: 'system', content: '', timestamp: '2024-01-15T10:30:00Z' },
    { role: 'user', content: 'Hi', timestamp: '2024-01-15T10:30:05Z', id: 'my-own-id', name: 'Ann', empty: {}, none: null },
    {
      role: 'assistant',
      content: '',
      timestamp: '2024-01-15T10:30:05.001Z',
      provider: 'openai',
      model: 'gpt-4o',
      usage: { input: 10, output: 5, cached: 1, cache_write: 2, cache_write_1h: 3, reasoning: 4, web_searches: 0 },
      cost: { amount: 0.0123, currency: 'USD', source: 'reported' },
      latency_ms: 1234.5,
      finish_reason: 'tool_calls',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":"\\u00e9"}' } }],
      parts: [{ type: 'text', text: 'x' }],
    },
    { role: 'tool', content: '{"ok":true}', timestamp: '2024-01-15T10:29:00Z', tool_call_id: 'call_1', state: 'error' },
  ],
})

test('an import keeps every field, known or not', async () => {
  const home = makeHome()
  await seed(home, rich)
  const [session] = JSON.parse(await home.ok('session', 'export', '--all', '-o', '-'))
  const messages = session.messages.map((message: object, i: number) =>
    'id' in (rich.messages[i] ?? {}) ? message : { ...message, id: undefined },
  )
  expect({ ...session, messages }).toEqual(rich)
})

test('unknown fields that have the name of a known one keep what they hold', async () => {
  const home = makeHome()
  const odd = sample(1, {
    provider: { name: 'x' },
    model: 7,
    status: 'closed',
    origin: 'elsewhere',
    parent_id: 5,
    forked_message_id: '',
    extra: { extra: 1 },
    messages: [
      {
        role: 'user',
        content: 'x',
        timestamp: '2024-01-15T10:30:00Z',
        id: 7,
        usage: { total: 3 },
        cost: 0.5,
        parts: 'none',
        state: 'done',
        seq: 9,
        extra: 1,
      },
      { role: 'user', content: 'y', timestamp: '2024-01-15T10:30:00Z', id: 'twice' },
      { role: 'user', content: 'z', timestamp: '2024-01-15T10:30:00Z', id: 'twice' },
      { role: 'user', content: 'z', timestamp: '2024-01-15T10:30:00Z', id: '' },
    ],
  })
  await seed(home, odd)
  const [session] = JSON.parse(await home.ok('session', 'export', '--all', '-o', '-'))
  expect(session).toEqual(odd)
})

test('costs and counts of any shape come back byte for byte', async () => {
  const [home, other] = [makeHome(), makeHome()]
  const usd = '"currency":"USD","source":"reported"'
  const fields = [
    `"cost":{"amount":0.1,${usd}}`,
    `"cost":{"amount":1e-05,${usd}}`,
    `"cost":{${usd},"amount":1.10}`,
    `"cost":{"amount":0,"currency":"EUR","source":"computed"}`,
    `"cost":{"amount":-1,${usd}}`,
    `"cost":{"amount":1e999,${usd}}`,
    `"cost":{"amount":"0.1",${usd}}`,
    `"cost":{"amount":null,${usd}}`,
    `"cost":{"amount":1,${usd},"total":2}`,
    `"cost":{"amount":1,"currency":"dollars","source":"reported"}`,
    `"cost":{"amount":1,"currency":"USD","source":"guessed"}`,
    `"cost":{"amount":1}`,
    '"cost":0.5',
    '"cost":null',
    '"cost":[]',
    `"usage":{"input":9,"cache_write":1,"cache_write_1h":2,"web_searches":3},"cost":{"amount":2,${usd}}`,
    '"usage":{"cache_write":-1}',
    '"usage":{"web_searches":1.5}',
    '"usage":{"cache_write_2h":1}',
  ]
  const messages = fields.map((field, at) => `{"role":"assistant","content":"","timestamp":"2024-01-15T10:30:00Z","id":"m${at}",${field}}`)
  home.write(
    'in.json',
    JSON.stringify(sample(1)).replace(/"messages":\[.*\]/, () => `"messages":[${messages.join(',')}]`),
  )
  await here(home).ok('session', 'import', '-i', home.path('in.json'))
  const lines = await home.ok('session', 'export', '--all', '-o', '-', '--format', 'jsonl')
  expect(lines.slice(lines.indexOf('"messages":[') + 12, lines.lastIndexOf(']')).split(/,(?=\{"role")/)).toEqual(messages)
  home.write('out.jsonl', lines)
  await other.ok('session', 'import', '-i', home.path('out.jsonl'))
  expect(await here(other).ok('session', 'export', '--all', '-o', '-', '--format', 'jsonl')).toBe(lines)
  expect(
    await home.json('query', '[sessions.messages.cost[source = "reported" and currency = "USD" and $type(amount) = "number"].amount]'),
  ).toEqual([0.1, 0.00001, 1.1, -1, Number.MAX_VALUE, 1, 2])
})

test('a parent whose id is no well-formed text comes back', async () => {
  const home = makeHome()
  await seed(home, sample(1, { parent_id: '\ud800', forked_message_id: '\udc00' }))
  const session = JSON.parse(await home.ok('session', 'export', 'sample000001', '-o', '-'))
  expect([session.parent_id, session.forked_message_id]).toEqual(['\ud800', '\udc00'])
})

test('export, import, export is byte-identical in every shape', async () => {
  const [home, other, third] = [makeHome(), makeHome(), makeHome()]
  await seed(
    home,
    rich,
    sample(2),
    sample(3, { messages: talk('\u2028\r\n\0', '🚀 \ud83d') }),
    sample(4, { title: '\udc00', metadata: {} }),
  )
  await here(home).ok('session', 'archive', 'sample000002')
  await here(home).ok('session', 'fork', 'sample000003')
  await home.ok('session', 'export', '--all', '-o', 'all.json')
  await home.ok('session', 'export', '--all', '-o', 'all.jsonl', '--format', 'jsonl')
  await other.ok('session', 'import', '-i', home.path('all.json'))
  await third.ok('session', 'import', '-i', home.path('all.jsonl'))
  for (const each of [other, third]) {
    expect(await here(each).ok('session', 'export', '--all', '-o', '-')).toBe(home.read('all.json'))
    expect(await here(each).ok('session', 'export', '--all', '-o', '-', '--format', 'jsonl')).toBe(home.read('all.jsonl'))
  }
  const inside = here(home)
  await inside.ok('session', 'export', 'sample000001', '-o', home.path('one.json'))
  await inside.ok('session', 'delete', 'sample000001')
  await inside.ok('session', 'purge', 'sample000001')
  await inside.ok('session', 'import', '-i', home.path('one.json'))
  expect(await inside.ok('session', 'export', 'sample000001', '-o', '-')).toBe(home.read('one.json'))
})

test('what is made here is the same after an export and an import elsewhere', async () => {
  const [home, other] = [makeHome(), makeHome()]
  const id = await home.create('--title', 'Made here', '--tags', 'a,b', '--provider', 'openai', '--metadata', '{"n":{"deep":1}}')
  await home.ok('session', 'export', id, '-o', 'made.json')
  await other.ok('session', 'import', '-i', home.path('made.json'))
  const [row] = await here(other).json('session', 'list', '--json')
  const { activated_at: _, ...made } = (await here(home).json('session', 'list', '--json'))[0]
  expect(row).toEqual(made)
  expect(await here(other).ok('session', 'export', id, '-o', '-')).toBe(home.read('made.json'))
})

/** Writes a file with a session for each time, which is all times of the session. */
const withTimes = (home: Home, times: string[]) =>
  home.write(
    'times.json',
    JSON.stringify(
      times.map((time, i) =>
        sample(i + 1, { created_at: time, updated_at: time, messages: [{ role: 'user', content: 'x', timestamp: time }] }),
      ),
    ),
  )

const TIMES: [given: string, utc: string][] = [
  ['2024-01-15T10:30:00.1+02:00', '2024-01-15T08:30:00.100Z'],
  ['2024-01-15T10:30:00-05:00', '2024-01-15T15:30:00Z'],
  ['2024-01-15T10:30:00+0530', '2024-01-15T05:00:00Z'],
  ['2024-01-15T10:30:00+05', '2024-01-15T05:30:00Z'],
  ['2024-01-15T10:30:00.000Z', '2024-01-15T10:30:00Z'],
  ['2024-01-15t10:30:00.123456z', '2024-01-15T10:30:00.123Z'],
  ['2024-01-15T10:30:00', '2024-01-15T10:30:00Z'],
  ['2024-01-15 10:30:00,5', '2024-01-15T10:30:00.500Z'],
  ['2024-01-15T10:30', '2024-01-15T10:30:00Z'],
  ['2024-01-15', '2024-01-15T00:00:00Z'],
  ['2024-02-29 00:00:00+00:00', '2024-02-29T00:00:00Z'],
  ['2024-02-29T24:00:00Z', '2024-03-01T00:00:00Z'],
  ['2024-12-31 24:00', '2025-01-01T00:00:00Z'],
  ['2024-01-15T24:00:00,000+02:00', '2024-01-15T22:00:00Z'],
]

test.each(['America/New_York', 'Asia/Tokyo'])('a time of a file is the same on every machine, also in the zone %s', async (TZ) => {
  const home = makeHome({ TZ })
  const given = TIMES.map(([time]) => time)
  await home.ok('session', 'import', '-i', withTimes(home, given))
  const sessions: SessionFile[] = await home.json('session', 'export', '--all', '-o', '-')
  const at = new Map(sessions.map(({ id, created_at, updated_at, messages }) => [id, [created_at, updated_at, messages[0]?.timestamp]]))
  expect(given.map((time, i) => [time, at.get(sample(i + 1).id)])).toEqual(TIMES.map(([time, utc]) => [time, [utc, utc, utc]]))
})

test('a time of a file that is none is refused', async () => {
  const wrong = ['2024-01-15T24:00:01Z', '2024-01-15T24:01Z', '2024-01-15T24:00:00.5Z', '9999-12-31T24:00:00Z', '2016-12-31T23:59:60Z']
  const home = makeHome()
  const says = wrong.map((_, i) => `session ${i + 1} (sample00000${i + 1}): created_at: expected an ISO 8601 time`)
  expectProblem(await home.run('session', 'import', '-i', withTimes(home, wrong)), 1, ...says, 'nothing was imported')
})
