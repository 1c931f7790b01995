import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Aggregate, Cost, Expr, GroupKey, Host, Message, Session, Store, Totals, TotalsRow } from 'ainative-code'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../plugins/sqlite/store.ts'
import { answerQuestions } from '../../../plugins/stats/answer-questions.ts'
import { rounds } from '../../helpers/thin.ts'
import { memoryStore } from './memory.ts'

type Conversation = Session & { messages: Message[] }

/** A store in SQLite that holds these conversations. */
async function sqliteStore(conversations: Conversation[]): Promise<Store> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-totals-'))
  const host = { env: { AINATIVE_DB_PATH: path.join(folder, 'sessions.db') }, readOnly: false, block: () => ({}) } as unknown as Host
  const store = await openStore(host)
  onTestFinished(async () => {
    await store.close()
    fs.rmSync(folder, { recursive: true })
  })
  const staged = await store.import('refuse')
  for (const { messages, message_count, ...session } of conversations) await staged.stage(session, messages)
  await staged.commit()
  return store
}

const STORES = { sqlite: sqliteStore, 'rows of a store without aggregate': async (all: Conversation[]) => memoryStore(all) }

const id = (number: number) => `s${String(number).padStart(11, '0')}`
const iso = (ms: number) => new Date(ms).toISOString().replace('.000', '')

function conversation(number: number, created: string, messages: Partial<Message>[], fields: Partial<Session> = {}): Conversation {
  const session = {
    id: id(number),
    title: `Session ${number}`,
    status: 'active' as const,
    provider: null,
    model: null,
    tags: [],
    metadata: {},
  }
  return {
    ...{ ...session, created_at: created, updated_at: created, message_count: messages.length, ...fields },
    messages: messages.map((each, i) => ({ id: `${number}-${i}`, seq: i + 1, role: 'user', content: 'x', timestamp: created, ...each })),
  }
}

/** Rows as lines, in order of their text. */
const lines = (rows: TotalsRow[] = []) => rows.map((row) => Object.values(row).join(' ')).sort()
const none: Record<string, Aggregate> = { rows: { count: 'rows' } }

describe.each(Object.entries(STORES))('totals of %s', (_, open) => {
  const ask = async (conversations: Conversation[], question: Partial<Totals>) =>
    lines((await answerQuestions(await open(conversations), [{ from: 'messages', aggregates: none, ...question }]))[0])

  test('an empty store has no rows, and one row without groups', async () => {
    expect(
      await ask([], { aggregates: { rows: { count: 'rows' }, sum: { sum: 'input' }, p: { percentile: 'response', at: 0.5 } } }),
    ).toEqual(['0  '])
    expect(await ask([], { group: ['provider'] })).toEqual([])
  })

  test("messages fall back to their session's provider and model, and an unknown one is null", async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [{}, { provider: 'openai', model: 'gpt' }], { provider: 'anthropic', model: 'opus' }),
      conversation(2, '2024-01-01T00:00:00Z', [{}]),
      conversation(3, '2024-01-01T00:00:00Z', [], { provider: 'anthropic' }),
    ]
    expect(await ask(all, { group: ['provider', 'model'] })).toEqual(['  1', 'anthropic opus 1', 'openai gpt 1'])
    expect(await ask(all, { from: 'sessions', group: ['provider'] })).toEqual([' 1', 'anthropic 2'])
  })

  test('a session is in the group of each of its tags', async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [{}, {}], { tags: ['go', 'api'] }),
      conversation(2, '2024-01-01T00:00:00Z', [{}], { tags: ['go'] }),
      conversation(3, '2024-01-01T00:00:00Z', [{}]),
    ]
    expect(await ask(all, { group: ['tag'] })).toEqual([' 1', 'api 2', 'go 3'])
    expect(await ask(all, { from: 'sessions', group: ['tag'] })).toEqual([' 1', 'api 1', 'go 2'])
  })

  test('text that is not well-formed and names such as __proto__ are groups like others', async () => {
    const names = ['\ud800', '__proto__', 'a\0b', '']
    const all = names.map((name, i) =>
      conversation(i, '2024-01-01T00:00:00Z', [{}], { provider: name, tags: [name], metadata: { project: name } }),
    )
    const expected = names.map((name) => `${name} 1`).sort()
    for (const key of ['provider', 'tag', 'project'] as const) expect(await ask(all, { group: [key] })).toEqual(expected)
  })

  test('days, weeks and hours are those of the zone, over both changes to and from summer time', async () => {
    const hours = (from: string) => Array.from({ length: 48 }, (_, i) => ({ timestamp: iso(Date.parse(from) + i * 3_600_000) }))
    const spring = [conversation(1, '2024-01-01T00:00:00Z', hours('2024-03-30T00:00:00Z'))]
    expect(await ask(spring, { group: ['day'], timeZone: 'Europe/Berlin' })).toEqual(['2024-03-30 23', '2024-03-31 23', '2024-04-01 2'])
    const autumn = [conversation(1, '2024-01-01T00:00:00Z', hours('2024-10-26T22:00:00Z'))]
    expect(await ask(autumn, { group: ['day'], timeZone: 'Europe/Berlin' })).toEqual(['2024-10-27 25', '2024-10-28 23'])
    expect(await ask(autumn, { group: ['week'], timeZone: 'Europe/Berlin' })).toEqual(['2024-10-21 25', '2024-10-28 23'])
    const twoTimesTwo = await ask(autumn, { group: ['hour'], timeZone: 'Europe/Berlin' })
    expect(twoTimesTwo.find((line) => line.startsWith('2 '))).toBe('2 3')
    expect(await ask(spring, { group: ['month'], timeZone: 'Asia/Kathmandu' })).toEqual(['2024-03 43', '2024-04 5'])
  })

  test('times before 1970 and after 2100 have their day, and Sunday is the seventh weekday', async () => {
    const times = ['0000-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '2024-01-07T12:00:00Z', '9999-12-31T23:59:59Z']
    const all = [
      conversation(
        1,
        '2024-01-01T00:00:00Z',
        times.map((timestamp) => ({ timestamp })),
      ),
    ]
    const zoned = { timeZone: 'UTC' }
    expect(await ask(all, { group: ['day'], ...zoned })).toEqual(['0000-01-01 1', '1969-12-31 1', '2024-01-07 1', '9999-12-31 1'])
    expect(await ask(all, { group: ['month', 'weekday', 'hour'], ...zoned })).toEqual([
      '0000-01 6 0 1',
      '1969-12 3 23 1',
      '2024-01 7 12 1',
      '9999-12 5 23 1',
    ])
  })

  test('a reply took its latency, else the time since the message before it, where that is a person’s and earlier', async () => {
    const at = (second: number) => ({ timestamp: iso(Date.UTC(2024, 0, 1, 0, 0, second)) })
    const reply = { role: 'assistant' } as const
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [at(0), { ...reply, ...at(4) }, at(10), { ...reply, ...at(40), latency_ms: 500 }]),
      conversation(2, '2024-01-01T00:00:00Z', [at(30), { ...reply, ...at(10) }, { ...reply, ...at(50) }, at(50), { ...reply, ...at(50) }]),
      conversation(3, '2024-01-01T00:00:00Z', [{ ...reply, ...at(7) }, at(8), { role: 'tool', ...at(9) }, { ...reply, ...at(10) }]),
    ]
    const aggregates: Record<string, Aggregate> = {
      ...{ count: { count: 'response' }, sum: { sum: 'response' }, avg: { avg: 'response' }, min: { min: 'response' } },
      ...{
        max: { max: 'response' },
        span: { span: 'response' },
        p50: { percentile: 'response', at: 0.5 },
        p90: { percentile: 'response', at: 0.9 },
      },
    }
    expect(await ask(all, { aggregates })).toEqual(['2 4500 2250 500 4000 3500 2250 3650'])
  })

  test('tokens are counted where they are known; the sum of none is null and of zeros is 0', async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [
        { usage: { input: 5 } },
        { usage: { output: 7, cached: 2, reasoning: 1 } },
        { usage: { cached: 3 } },
        {},
      ]),
      conversation(2, '2024-01-01T00:00:00Z', [{ usage: { input: 0, output: 0 } }]),
      conversation(3, '2024-01-01T00:00:00Z', [{}]),
    ]
    const aggregates: Record<string, Aggregate> = {
      sum: { sum: 'tokens' },
      known: { count: 'tokens' },
      cached: { sum: 'cached' },
      rows: { count: 'rows' },
    }
    expect(await ask(all, { group: ['session'], aggregates })).toEqual([`${id(1)} 12 2 5 4`, `${id(2)} 0 1  1`, `${id(3)}  0  1`])
  })

  test('a band groups by the largest bound that a figure reaches', async () => {
    const inputs = [undefined, 5, 200_000, 200_001, 300_000, 272_001]
    const all = [
      conversation(
        1,
        '2024-01-01T00:00:00Z',
        inputs.map((input) => (input === undefined ? {} : { usage: { input } })),
      ),
    ]
    const over = { name: 'over', figure: 'input', bounds: [200_001, 272_001] } as const
    expect(await ask(all, { group: ['role', over] })).toEqual(['user 0 3', 'user 200001 1', 'user 272001 2'])
    expect(await ask(all, { group: [{ ...over, bounds: [] }] })).toEqual(['0 6'])
    expect(await ask(all, { from: 'sessions', group: [{ name: 'since', figure: 'time', bounds: [1, 2] }] })).toEqual(['2 1'])
  })

  test('costs are summed by currency and source, apart from messages without one; a damaged cost is none', async () => {
    const cost = (amount: unknown, currency: unknown = 'USD', source: unknown = 'reported') => ({
      cost: { amount, currency, source } as Cost,
    })
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [
        ...[cost(1.5), cost(0.25), cost(0), cost(2, 'EUR'), cost(4, 'USD', 'computed'), {}, { usage: { input: 5 } }],
        ...[cost(-1), cost('1'), cost(1, 'usd'), cost(1, 'USDX'), cost(1, null), cost(1, 'USD', 'guessed')],
        ...[{ cost: 'free' as never }, { cost: [1] as never }],
      ]),
    ]
    const aggregates: Record<string, Aggregate> = { cost: { sum: 'cost' }, rows: { count: 'rows' }, input: { sum: 'input' } }
    expect(await ask(all, { group: ['currency', 'cost_source'], aggregates })).toEqual([
      '   10 5',
      'EUR reported 2 1 ',
      'USD computed 4 1 ',
      'USD reported 1.75 3 ',
    ])
  })

  test('each count of a usage has its sum', async () => {
    const usage = { input: 100, output: 7, cached: 2, cache_write: 3, cache_write_1h: 4, reasoning: 5, web_searches: 6 }
    const aggregates = Object.fromEntries(Object.keys(usage).map((name) => [name, { sum: name as keyof typeof usage }]))
    const all = [conversation(1, '2024-01-01T00:00:00Z', [{ usage }, {}, { usage: { web_searches: 1 } }])]
    expect(await ask(all, { aggregates })).toEqual(['100 7 2 3 4 5 7'])
  })

  test('without aggregates, the rows are the different keys', async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [{}, {}, { provider: 'b', model: 'y' }], { provider: 'a', model: 'x' }),
      conversation(2, '2024-01-01T00:00:00Z', [{}]),
    ]
    expect(await ask(all, { group: ['provider', 'model'], aggregates: {} })).toEqual([' ', 'a x', 'b y'])
  })

  test('what is not so includes what is unknown', async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [{}], { provider: 'a' }),
      conversation(2, '2024-01-01T00:00:00Z', [{}, {}], { provider: 'b' }),
      conversation(3, '2024-01-01T00:00:00Z', [{}, {}, {}, {}]),
    ]
    const where: Expr = { not: { field: 'provider', is: 'a' } }
    expect(await ask(all, { where })).toEqual(['6'])
    expect(await ask(all, { where: { not: where } })).toEqual(['1'])
    expect(await ask(all, { where: { not: { and: [{ field: 'provider', is: 'a' }, { trashed: false }] } } })).toEqual(['6'])
    expect(await ask(all, { where: { not: { field: 'provider', is: null } } })).toEqual(['3'])
  })

  test('only messages that have one of some figures count where that is asked', async () => {
    const cost = { amount: 1, currency: 'USD', source: 'reported' } as const
    const all = [conversation(1, '2024-01-01T00:00:00Z', [{}, { cost }, { usage: { output: 1 } }, { usage: { cached: 1 } }, {}])]
    expect(await ask(all, { has: ['cost', 'tokens'] })).toEqual(['2'])
    expect(await ask(all, { has: ['cached'], group: ['role'] })).toEqual(['user 1'])
    expect(await ask(all, { has: ['response'], group: ['role'] })).toEqual([])
  })

  test('sums beyond 2^63 do not fail', async () => {
    const usage = { input: Number.MAX_SAFE_INTEGER, output: Number.MAX_SAFE_INTEGER }
    const all = [
      conversation(
        1,
        '2024-01-01T00:00:00Z',
        Array.from({ length: 1100 }, () => ({ usage })),
      ),
    ]
    expect(Number((await ask(all, { aggregates: { sum: { sum: 'tokens' } } }))[0])).toBeGreaterThan(2 ** 63)
  })

  test('a session counts once in each group that has its messages', async () => {
    const all = [conversation(1, '2024-01-01T00:00:00Z', [{}, { role: 'assistant' }, {}]), conversation(2, '2024-01-01T00:00:00Z', [{}])]
    expect(await ask(all, { group: ['role'], aggregates: { sessions: { count: 'sessions' } } })).toEqual(['assistant 1', 'user 2'])
  })

  test('rows come by an aggregate, at most so many, and equal ones by their keys', async () => {
    const all = [3, 1, 3, 2].map((count, i) =>
      conversation(
        i,
        '2024-01-01T00:00:00Z',
        Array.from({ length: count }, () => ({})),
      ),
    )
    const store = await open(all)
    const question: Totals = { from: 'messages', group: ['session'], aggregates: none, order: { by: 'rows', descending: true }, limit: 3 }
    const [rows] = await answerQuestions(store, [question])
    expect(rows).toEqual([0, 2, 3].map((i) => ({ session: id(i), rows: all[i]?.message_count })))
  })

  test('stops where the signal says so', async () => {
    const store = await open([conversation(1, '2024-01-01T00:00:00Z', [{}])])
    const question: Totals = { from: 'messages', aggregates: none }
    await expect(answerQuestions(store, [question, question], AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT')
    expect(await answerQuestions(store, [question])).toEqual([[{ rows: 1 }]])
  })

  test('only the sessions that are asked for count, without the trash', async () => {
    const all = [
      conversation(1, '2024-01-01T00:00:00Z', [{}], { provider: 'a' }),
      conversation(2, '2024-01-01T00:00:00Z', [{}, {}], { provider: 'b' }),
      conversation(3, '2024-01-01T00:00:00Z', [{}], { provider: 'a', deleted_at: '2024-02-01T00:00:00Z' }),
    ]
    expect(await ask(all, { where: { trashed: false } })).toEqual(['3'])
    expect(await ask(all, { where: { and: [{ trashed: false }, { field: 'provider', is: 'a' }] } })).toEqual(['1'])
    expect(await ask(all, { where: { ids: [id(2), id(9)] } })).toEqual(['2'])
  })
})

describe('an import under way', () => {
  test('does not count', async () => {
    const store = await sqliteStore([conversation(1, '2024-01-01T00:00:00Z', [{}])])
    const { messages, message_count, ...session } = conversation(2, '2024-01-01T00:00:00Z', [{}, {}])
    const staged = await store.import('refuse')
    for (let i = 2; i < 1100; i++) await staged.stage({ ...session, id: id(i) }, messages)
    const question: Totals = { from: 'messages', aggregates: none }
    expect(await store.aggregate?.([question, { ...question, from: 'sessions' }])).toEqual([[{ rows: 1 }], [{ rows: 1 }]])
    await staged.abort()
  })
})

const time = fc.integer({ min: Date.UTC(1960, 0), max: Date.UTC(2110, 0) }).map(iso)
const count = fc.option(fc.nat(1000), { nil: undefined })
const message = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'assistant', 'tool', 'system'),
    timestamp: fc.oneof(time, fc.constantFrom('2024-03-31T00:59:59Z', '2024-03-31T01:00:00Z')),
    provider: fc.constantFrom('a', 'b'),
    model: fc.constantFrom('x', 'y'),
    finish_reason: fc.constantFrom('stop', 'length'),
    latency_ms: fc.nat(10_000),
    usage: fc
      .record(
        { input: count, output: count, cached: count, reasoning: count, cache_write: count, web_searches: count },
        { requiredKeys: [] },
      )
      .map((usage) => JSON.parse(JSON.stringify(usage))),
    cost: fc.record({ amount: fc.nat(9), currency: fc.constantFrom('USD', 'EUR'), source: fc.constantFrom('reported', 'computed') }),
  },
  { requiredKeys: ['role', 'timestamp'] },
) as fc.Arbitrary<Partial<Message>>
const history = fc
  .array(
    fc.tuple(time, fc.array(message, { maxLength: 8 }), fc.uniqueArray(fc.constantFrom('t', 'u', 'v')), fc.constantFrom(null, 'a', 'c')),
    { maxLength: 6 },
  )
  .map((all) =>
    all.map(([created, messages, tags, provider], i) =>
      conversation(i, created, messages, { tags, provider, metadata: provider ? { project: 'p' } : {} }),
    ),
  )
const KEYS: GroupKey[] = [
  'provider',
  'model',
  'project',
  'tag',
  'session',
  'day',
  'week',
  'month',
  'hour',
  'weekday',
  'role',
  'finish',
  'currency',
  'cost_source',
]
const WHERE: Expr[] = [{ trashed: false }, { tag: 't' }, { not: { tag: 'u' } }, { not: { field: 'provider', is: 'a' } }]

test('SQLite and rows give equal answerQuestions to any question about any history', async () => {
  const question = fc.record({
    keys: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 }),
    where: fc.constantFrom(undefined, ...WHERE),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns'),
  })
  const aggregates: Record<string, Aggregate> = {
    ...{
      rows: { count: 'rows' },
      sessions: { count: 'sessions' },
      tokens: { sum: 'tokens' },
      known: { count: 'cached' },
      cached: { sum: 'cached' },
      written: { sum: 'cache_write' },
      cost: { sum: 'cost' },
    },
    ...{
      p50: { percentile: 'response', at: 0.5 },
      avg: { avg: 'reasoning' },
      first: { min: 'time' },
      last: { max: 'time' },
      span: { span: 'time' },
    },
  }
  await fc.assert(
    fc.asyncProperty(history, fc.array(question, { minLength: 1, maxLength: 4 }), async (all, asked) => {
      const questions = asked.map(({ keys, ...rest }): Totals => ({ from: 'messages', group: keys, aggregates, ...rest }))
      const [ours, rows] = [await answerQuestions(await sqliteStore(all), questions), await answerQuestions(memoryStore(all), questions)]
      expect(ours.map(lines)).toEqual(rows.map(lines))
    }),
    { numRuns: rounds(40) },
  )
})
