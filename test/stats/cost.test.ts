import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../plugins/stats/prices/catalogue-version.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { day, type MessageFile, sample, seed } from '../helpers/seed.ts'

const CONFIG = '.config/ainative-code/config.yaml'
const OWN = 'prices: { my-model: { input: 2, cached: 0.5, cache_write: 4, cache_write_1h: 8, output: 10, web_search: 10000 } }'

const reply = (fields: Partial<MessageFile>, number = 1): MessageFile => ({
  ...{ role: 'assistant', content: 'x', timestamp: day(number), latency_ms: 1000 },
  ...fields,
})
const tokens = (input: number, output = 0) => ({ usage: { input, output } })
const cost = (amount: number, currency = 'USD', source = 'reported') => ({ ...tokens(1_000_000), cost: { amount, currency, source } })

/** Sessions of each kind of cost. In February the model that nobody knows also has a message with a cost. */
const ALL = [
  sample(1, {
    ...{ provider: 'mine', model: 'my-model' },
    messages: [
      reply({
        usage: { input: 1_000_000, cached: 200_000, cache_write: 100_000, cache_write_1h: 50_000, output: 100_000, web_searches: 3 },
      }),
    ],
  }),
  sample(2, { model: 'claude-sonnet-4-5', messages: [reply(tokens(150_000)), reply(tokens(150_000)), reply(tokens(300_000))] }),
  sample(3, { model: 'claude-sonnet-4-5', messages: [reply(cost(0.5)), reply(cost(0.25, 'EUR')), reply(cost(0.125, 'USD', 'computed'))] }),
  sample(4, {
    ...{ provider: 'openai', model: 'gpt-99' },
    messages: [reply(tokens(10)), reply(tokens(10)), reply(tokens(10)), reply({}), reply(cost(1), 40)],
  }),
  sample(5, { model: 'claude-sonnet-5-5', messages: [reply(tokens(1_000_000, 100_000))] }),
  sample(6, { provider: 'ollama', model: 'llama3', messages: [reply(tokens(5, 5)), reply({})] }),
]

const made = async () => {
  const home = here(makeHome())
  home.write(CONFIG, OWN)
  await seed(home, ...ALL)
  return home
}

/** The lines about cost of a text. */
const costLines = (text: string) =>
  text.split('\n').filter((line) => /^(Cost|\w+ Cost|Local|Unknown Price|Without Token|Catalogue|Web Searches|Tokens Written)/.test(line))

test('sums what sessions cost, and says of what the sum is made and what it leaves out', async () => {
  const home = await made()
  expect(costLines(await home.ok('session', 'stats'))).toEqual([
    'Tokens Written to Cache: 150,000',
    'Web Searches: 3',
    'Cost: €0.25 + ~$10.56 + 3 messages of unknown price',
    'Reported Cost: €0.25',
    'Reported Cost: $1.50',
    'Computed Cost: $6.06',
    'Estimated Cost: ~$3.00',
    'Local Models: 2 messages',
    'Unknown Price: openai/gpt-99 (3 messages)',
    'Without Token Counts: 1 reply',
    `Catalogue: prices as of ${CATALOGUE.date}`,
  ])
})

test('gives the same as JSON, and the dollars as a column of CSV', async () => {
  const home = await made()
  const expected = {
    cost_usd: 10.555,
    cost: {
      costs: [
        { amount: 0.25, currency: 'EUR', source: 'reported', messages: 1 },
        { amount: 1.5, currency: 'USD', source: 'reported', messages: 2 },
        // 3.23 by the prices of the config, 2.7 by those of the catalogue, 0.125 that a tool computed.
        { amount: 6.055, currency: 'USD', source: 'computed', messages: 5 },
        { amount: 3, currency: 'USD', source: 'computed', estimate: true, messages: 1 },
      ],
      local: 2,
      unpriced: [{ provider: 'openai', model: 'gpt-99', messages: 3 }],
      uncounted: 1,
      prices_date: CATALOGUE.date,
    },
  }
  expect(await home.json('session', 'stats', '--json')).toMatchObject(expected)
  const [names = '', values = ''] = (await home.ok('session', 'stats', '--format', 'csv')).split('\n')
  expect(names.split(',').slice(-3)).toEqual(['cost_usd', 'cost', 'prices_date'])
  expect(values).toMatch(/,10\.555,€0\.25 \+ ~\$10\.56 \+ 3 messages of unknown price,\d{4}-\d\d-\d\d$/)
})

test('a group of --by has its own cost, and the price of each request', async () => {
  const home = await made()
  const rows = await home.json<{ [key: string]: unknown }[]>('session', 'stats', '--by', 'model,month', '--json')
  expect(rows.map(({ model, month, cost_usd }) => [model, month, cost_usd])).toEqual([
    ['claude-sonnet-4-5', '2024-01', 3.325],
    ['claude-sonnet-5-5', '2024-01', 3],
    ['gpt-99', '2024-01', null],
    ['gpt-99', '2024-02', 1],
    ['llama3', '2024-01', null],
    ['my-model', '2024-01', 3.23],
  ])
  expect(rows[2]).toMatchObject({ cost: { costs: [], unpriced: [{ model: 'gpt-99', messages: 3 }], uncounted: 1 } })
  const table = await home.ok('session', 'stats', '--by', 'model')
  expect(table).toMatch(/^gpt-99 .* \$1\.00 \+ 3 unknown /m)
  expect(table).toMatch(/^claude-sonnet-4-5 .* €0\.25 \+ \$3\.33 /m)
  expect(table).toMatch(/^claude-sonnet-5-5 .* ~\$3\.00 /m)
  expect(table).toMatch(/^llama3 .* local /m)
  expect(costLines(table)).toContain(`Catalogue: prices as of ${CATALOGUE.date}`)
})

test('the groups that --top leaves out are not in the sum below them', async () => {
  const home = await made()
  const { stdout } = await home.run('session', 'stats', '--by', 'model', '--top', '1')
  expect(stdout).toMatch(/^claude-sonnet-4-5 /m)
  expect(costLines(stdout)).toEqual([
    'Cost: €0.25 + $3.33',
    'Reported Cost: €0.25',
    'Reported Cost: $0.50',
    'Computed Cost: $2.83',
    `Catalogue: prices as of ${CATALOGUE.date}`,
  ])
})

test('the JSON of one session has its cost, and its text does not change', async () => {
  const home = await made()
  expect(await home.json('session', 'stats', 'sample000002', '--json')).toMatchObject({ cost_usd: 2.7 })
  expect(await home.json('session', 'stats', 'sample000002', 'sample000001', 'sample000006', '--json')).toMatchObject([
    { cost_usd: 2.7 },
    { cost_usd: 3.23 },
    { cost_usd: null, cost: { costs: [], local: 2 } },
  ])
  expect(await home.ok('session', 'stats', 'sample000002')).not.toMatch(/cost|prices/i)
})

test('costs of messages in a day of the zone', async () => {
  const home = here(makeHome())
  home.write(CONFIG, 'defaults: { time_zone: Asia/Tokyo }\nprices: { m: { input: 1, output: 1 } }')
  await seed(
    home,
    sample(1, {
      provider: 'x',
      model: 'm',
      messages: [reply(tokens(1_000_000), 1), { ...reply(tokens(2_000_000)), timestamp: day(1, 20) }],
    }),
  )
  expect(await home.json('session', 'stats', '--by', 'day', '--json')).toMatchObject([
    { day: '2024-01-01', cost_usd: 1 },
    { day: '2024-01-02', cost_usd: 2 },
  ])
})

describe('a mistake in the prices of the config', () => {
  test.each([
    ['prices: { m: { input: -1 } }', 'config prices.m.input: a price cannot be negative'],
    ['prices: { m: { input: free } }', 'config prices.m.input: expected dollars per million'],
    ['prices: { m: { inptu: 1 } }', 'config prices.m.inptu: unknown key'],
    ['prices: { m: 3 }', 'config prices.m: expected prices'],
  ])('%s is an error that names it', async (config, message) => {
    const home = here(makeHome())
    home.write(CONFIG, config)
    for (const words of [[], ['--by', 'model'], ['--json']]) {
      const result = await home.run('session', 'stats', ...words)
      expectProblem(result, 1, message)
      expect(result.stderr).toContain('hint: ')
    }
  })

  test('does not stop the text of one session, nor a list', async () => {
    const home = here(makeHome())
    const [id = ''] = await seed(home, sample(1))
    home.write(CONFIG, 'prices: { m: { input: -1 } }')
    expect(await home.ok('session', 'stats', id)).toContain('Session Statistics')
    expect(await home.ok('session', 'list')).toContain(id)
  })
})

test('many unknown models are listed with the most first, and hostile names stay in their lines', async () => {
  const home = here(makeHome())
  const names = ['a\x1b[31m\nCost: $0', '\ud800', '__proto__', 'x'.repeat(100_000), '', 'p', 'q']
  await seed(home, sample(1, { provider: 'openai', messages: names.map((model) => reply({ ...tokens(1), model })) }))
  const text = await home.ok('session', 'stats')
  expect(text).not.toContain('\x1b')
  const unknown = text.split('\n').filter((line) => line.startsWith('Unknown Price: '))
  expect(unknown).toHaveLength(6)
  expect(unknown.at(-1)).toMatch(/^Unknown Price: \d+ more models?$/)
  for (const line of unknown) expect(line.length).toBeLessThan(260)
  expect(text.split('\n').filter((line) => line.startsWith('Cost: '))).toEqual([
    expect.stringMatching(/^Cost: \d messages of unknown price$/),
  ])
})

test('nothing costs nothing, and says so without a sum', async () => {
  const home = here(makeHome())
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ cost_usd: null, cost: { costs: [], unpriced: [], uncounted: 0 } })
  expect(await home.ok('session', 'stats')).not.toContain('Cost')
  await seed(home, sample(1, { messages: [{ role: 'user', content: 'x' }] }))
  expect(await home.ok('session', 'stats')).toContain('\nCost: unknown\n')
})
