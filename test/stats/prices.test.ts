import fs from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { calcPrice, type MatchLogic, waitForUpdate } from '@pydantic/genai-prices'
import { parseJson } from 'ainative-code'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCatalogue, priceAt } from '../../plugins/stats/prices/catalogue.ts'
import { CATALOGUE } from '../../plugins/stats/prices/catalogue-version.ts'
import { summarizeCosts } from '../../plugins/stats/prices/cost-summary.ts'
import { isSpecificTo } from '../../plugins/stats/prices/match-rule.ts'
import { type PricedMessage, pricesFor } from '../../plugins/stats/prices/prices.ts'
import { root } from '../helpers/cli.ts'
import { LONG, thin } from '../helpers/thin.ts'

const hostOf = (prices: unknown = {}) => ({ block: () => prices as Record<string, unknown>, fileOf: () => '/home/me/config.yaml' })
const open = (prices?: unknown) => pricesFor(hostOf(prices))

const TIME = '2026-06-01T12:00:00Z'
const message = (more: Partial<PricedMessage>): PricedMessage => ({
  ...{ provider: 'anthropic', model: 'claude-opus-4-8', timestamp: TIME, usage: { input: 1_000_000, output: 100_000 } },
  ...more,
})
const dollars = (amount: number, more: object = {}) => ({ amount, currency: 'USD', source: 'computed', ...more })
const ESTIMATE = { estimate: true }

test('the date of the catalogue is that of the release that is built in', () => {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  expect(devDependencies['@pydantic/genai-prices']).toBe(CATALOGUE.version)
  expect(CATALOGUE.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
})

describe('a message costs', () => {
  test.each<[string, Partial<PricedMessage>, unknown]>([
    ['its tokens', {}, dollars(7.5)],
    [
      'each kind of token and search at its own rate',
      { usage: { input: 1000, output: 100, cached: 300, cache_write: 200, cache_write_1h: 100, reasoning: 50, web_searches: 2 } },
      dollars(0.0269),
    ],
    ['nothing where nothing was sent', { usage: { input: 0, output: 0 } }, dollars(0)],
    ['its output where that alone is known', { usage: { output: 100 } }, dollars(0.0025)],
    ['no less than nothing where its parts are larger than the whole', { usage: { input: 1, output: 0, cached: 1000 } }, dollars(0.0005)],
    ['the lower tier up to its end', { model: 'claude-sonnet-4-5', usage: { input: 200_000, output: 0 } }, dollars(0.6)],
    [
      'the upper tier above that, all of it',
      { model: 'claude-sonnet-4-5', usage: { input: 200_001, output: 1000, cached: 200_000 } },
      dollars(0.142506),
    ],
    ['by the tiers of OpenAI', { provider: 'openai', model: 'gpt-5.4', usage: { input: 272_000, output: 0 } }, dollars(1.36)],
    ['by the tiers of Google', { provider: 'gemini', model: 'gemini-2.5-pro', usage: { input: 200_001, output: 10 } }, dollars(0.5001525)],
    ['the price of its time', { provider: 'openai', model: 'o3', timestamp: '2025-06-09T23:59:59.999Z' }, dollars(14)],
    ['the price of a later time', { provider: 'openai', model: 'o3', timestamp: '2025-06-10T00:00:00Z' }, dollars(2.8)],
    ['the price of Amazon', { provider: 'bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' }, dollars(4.95)],
    ['the price of Azure', { provider: 'azure', model: 'gpt-4o' }, dollars(3.5)],
    ['the same without a provider', { provider: null }, dollars(7.5)],
  ])('%s', async (_, more, cost) => {
    expect((await open()).costOf(message(more))).toEqual(cost)
  })

  test.each<[string, Partial<PricedMessage>]>([
    ['a model that nobody knows', { model: 'gpt-99' }],
    ['another maker at that provider', { provider: 'openai', model: 'claude-opus-4-8' }],
    ['a model that was tuned', { provider: 'openai', model: 'ft:gpt-4o:org::id' }],
    ['no model', { model: null }],
    ['a blank model', { model: '' }],
    ['a name of every object', { model: '__proto__' }],
    ['a name of 1 MB', { model: 'claude'.repeat(170_000) }],
    ['a hostile name', { model: '\u001b[31m\ud800\0' }],
    ['no counts', { usage: undefined }],
    ['counts of other things', { usage: { cached: 3 } }],
    ['a model of Ollama that runs elsewhere', { provider: 'ollama', model: 'gpt-oss:120b-cloud' }],
  ])('an unknown amount with %s, and not 0', async (_, more) => {
    expect((await open()).costOf(message(more))).toBeUndefined()
  })

  test('nothing per token on a machine of one’s own, which is not the same as 0', async () => {
    expect((await open()).costOf(message({ provider: 'ollama', model: 'llama3' }))).toBe('local')
  })

  test.each<[string, Partial<PricedMessage>, unknown]>([
    ['another version', { model: 'claude-sonnet-5-5' }, dollars(3, ESTIMATE)],
    ['the version of a date', { model: 'claude-opus-4-8-20260401' }, dollars(7.5)],
    ['the latest version', { model: 'claude-3-5-sonnet-latest' }, dollars(4.5)],
    ['a preview', { provider: 'gemini', model: 'gemini-2.5-pro-preview-99-99' }, dollars(4, ESTIMATE)],
    ['a provider that the catalogue does not know', { provider: 'mine' }, dollars(7.5, ESTIMATE)],
    [
      'a model by its name at a router',
      { provider: 'openai', model: 'anthropic/claude-sonnet-4.5', usage: { input: 1000, output: 0 } },
      dollars(0.003, ESTIMATE),
    ],
    [
      'a rate that the catalogue does not have',
      { provider: 'bedrock', model: 'anthropic.claude-sonnet-4-5-20250929-v1:0', usage: { input: 1000, output: 0, cache_write_1h: 1000 } },
      dollars(0.004125, ESTIMATE),
    ],
  ])('an estimate or not: %s', async (_, more, cost) => {
    expect((await open()).costOf(message(more))).toEqual(cost)
  })

  test('what was reported, whatever the catalogue says', async () => {
    const { costOf } = await open()
    const cost = { amount: 0.01, currency: 'EUR', source: 'computed' as const }
    expect(costOf(message({ cost }))).toEqual(cost)
    expect(costOf(message({ cost, usage: undefined, model: 'gpt-99' }))).toEqual(cost)
    expect(costOf(message({ cost, provider: 'ollama' }))).toEqual(cost)
    const exact = parseJson('{"amount":1e-05,"currency":"USD","source":"reported"}') as PricedMessage['cost']
    expect(costOf(message({ cost: exact }))).toEqual({ amount: 0.00001, currency: 'USD', source: 'reported' })
    // Of a database that another program wrote.
    expect(costOf(message({ cost: 'free' as never }))).toEqual(dollars(7.5))
  })
})

describe('totals', () => {
  const { arbitrary, models } = (() => {
    const models = [
      ['anthropic', 'claude-sonnet-4-5'],
      ['anthropic', 'claude-sonnet-4-6'],
      ['openai', 'gpt-5.4'],
      ['openai', 'o3'],
      ['gemini', 'gemini-2.5-pro'],
      ['bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
      ['anthropic', 'claude-sonnet-5-5'],
      ['ollama', 'llama3'],
      ['openai', 'gpt-99'],
    ].map(([provider, model]) => ({ provider, model }))
    const count = (max: number) => fc.nat({ max })
    const arbitrary = fc.record({
      name: fc.constantFrom(...models),
      timestamp: fc
        .date({ min: new Date('2025-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      usage: fc
        .record({
          rest: fc.oneof(count(1000), count(300_000)),
          output: count(5000),
          cached: count(90_000),
          cache_write: count(9000),
          cache_write_1h: count(900),
          web_searches: count(3),
        })
        .map(({ rest, ...usage }) => ({ ...usage, input: rest + usage.cached + usage.cache_write + usage.cache_write_1h })),
    })
    return { arbitrary, models }
  })()

  test('of groups between the breaks are those of their messages', async () => {
    const { breakpoints, costOf, costOfGroup } = await open({ 'gpt-5.4': { output: 7 } })
    const { over, since } = breakpoints(models)
    expect([over, since.length > 0]).toEqual([[200_000, 271_999], true])
    const largest = (list: number[], fits: (value: number) => boolean) => list.findLast(fits) ?? 0
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 40 }), (messages) => {
        const groups = new Map<string, typeof messages>()
        for (const each of messages) {
          const overAt = largest(over, (start) => each.usage.input > start)
          const sinceAt = largest(since, (start) => Date.parse(each.timestamp) >= start)
          const key = JSON.stringify([each.name, overAt, sinceAt])
          groups.set(key, [...(groups.get(key) ?? []), each])
        }
        for (const [key, group] of groups) {
          const [name, overAt, sinceAt] = JSON.parse(key)
          const sum = (field: keyof (typeof group)[number]['usage']) => group.reduce((total, { usage }) => total + usage[field], 0)
          const usage = {
            input: sum('input'),
            output: sum('output'),
            cached: sum('cached'),
            cache_write: sum('cache_write'),
            cache_write_1h: sum('cache_write_1h'),
            web_searches: sum('web_searches'),
          }
          const total = costOfGroup({ ...name, over: overAt, since: sinceAt, usage })
          const each = group.map(({ name, ...rest }) => costOf({ ...name, ...rest }))
          if (typeof total !== 'object') expect(new Set(each)).toEqual(new Set([total]))
          else {
            const parts = each.map((cost) => (typeof cost === 'object' ? cost : expect.unreachable()))
            expect(total.amount).toBeCloseTo(
              parts.reduce((all, { amount }) => all + amount, 0),
              6,
            )
            expect(total.estimate ?? false).toBe(parts.some(({ estimate }) => estimate))
          }
        }
      }),
    )
  })

  test('of a model whose price depends on the hour are an estimate, and its messages are not', async () => {
    const { costOf, costOfGroup } = await open()
    const name = { provider: 'deepseek', model: 'deepseek-chat' }
    const usage = { input: 1_000_000, output: 0 }
    const at = (timestamp: string) => costOf({ ...name, usage, timestamp })
    expect(at('2026-01-01T00:29:59Z')).toEqual(expect.not.objectContaining(ESTIMATE))
    expect(at('2026-01-01T12:00:00Z')).not.toEqual(at('2026-01-01T00:29:59Z'))
    expect(costOfGroup({ ...name, over: 0, since: 0, usage })).toMatchObject(ESTIMATE)
  })

  test('models are known or not', async () => {
    const { knows } = await open({ mine: { input: 1, output: 2 }, half: { input: 1 } })
    const name = (provider: string, model: string) => knows({ provider, model })
    expect([name('openai', 'gpt-4o'), name('ollama', 'llama3'), name('x', 'mine')]).toEqual([true, true, true])
    expect([name('openai', 'gpt-99'), name('x', 'half'), knows({})]).toEqual([false, false, false])
  })
})

test('a summary says of what a cost is made', async () => {
  const prices = await open()
  const group = (provider: string, model: string, messages: number, usage: object = { input: 1_000_000, output: null }) => ({
    ...{ provider, model, messages, over: 0, since: 0, usage },
  })
  const groups = [
    group('anthropic', 'claude-opus-4-8', 3),
    group('openai', 'gpt-4o', 2),
    group('anthropic', 'claude-sonnet-5-5', 1),
    group('ollama', 'llama3', 4),
    group('openai', 'gpt-99', 5),
    group('openai', 'gpt-99', 6),
    group('openai', 'gpt-98', 20),
    group('openai', 'gpt-97', 0, { input: null, output: null }),
  ]
  const stored = [
    { amount: 2, currency: 'USD', source: 'computed' as const, messages: 7 },
    { amount: 1, currency: 'USD', source: 'reported' as const, messages: 8 },
    { amount: 0.5, currency: 'EUR', source: 'reported' as const, messages: 9 },
    { amount: 0, currency: 'USD', source: 'reported' as const, messages: 0 },
  ]
  expect(summarizeCosts(prices, groups, stored)).toEqual({
    costs: [
      { amount: 0.5, currency: 'EUR', source: 'reported', messages: 9 },
      { amount: 1, currency: 'USD', source: 'reported', messages: 8 },
      dollars(9.5, { messages: 12 }),
      dollars(2, { messages: 1, estimate: true }),
    ],
    local: 4,
    uncounted: 0,
    unpriced: [
      { provider: 'openai', model: 'gpt-98', messages: 20 },
      { provider: 'openai', model: 'gpt-99', messages: 11 },
    ],
  })
  expect(summarizeCosts(prices, [], [])).toEqual({ costs: [], local: 0, uncounted: 0, unpriced: [] })
})

describe('prices of the config', () => {
  test.each<[string, unknown, Partial<PricedMessage>, unknown]>([
    ['replace those of the catalogue one by one', { 'claude-opus-4-8': { output: 10 } }, {}, dollars(6)],
    ['add a model', { mine: { input: 2, output: 4 } }, { model: 'mine', provider: 'x' }, dollars(2.4)],
    ['give a local model a price', { llama3: { input: 1, output: 0 } }, { provider: 'ollama', model: 'llama3' }, dollars(1)],
    ['of a local model are no estimate of another one', { llama3: { input: 1 } }, { provider: 'ollama', model: 'llama3' }, undefined],
    ['need both kinds of tokens for a model that nobody knows', { mine: { input: 2 } }, { model: 'mine', provider: 'x' }, undefined],
    ['make an estimate exact', { 'claude-sonnet-5-5': { input: 3, output: 15 } }, { model: 'claude-sonnet-5-5' }, dollars(4.5)],
    ['make only that exact which they set', { 'claude-sonnet-5-5': { input: 3 } }, { model: 'claude-sonnet-5-5' }, dollars(4, ESTIMATE)],
    [
      'are per million searches',
      { mine: { input: 0, output: 0, web_search: 10_000 } },
      { model: 'mine', usage: { input: 1, output: 1, web_searches: 3 } },
      dollars(0.03),
    ],
    [
      'may name a model like a field of every object',
      JSON.parse('{"constructor":{"input":1,"output":1}}'),
      { model: 'constructor' },
      dollars(1.1),
    ],
    [
      'of all kinds',
      { mine: { input: 1, cached: 2, cache_write: 3, cache_write_1h: 4, output: 5 } },
      { model: 'mine', usage: { input: 1000, output: 100, cached: 100, cache_write: 200, cache_write_1h: 300 } },
      dollars(0.0029),
    ],
    ['may be 0', { mine: { input: 0, output: 0 } }, { model: 'mine' }, dollars(0)],
  ])('%s', async (_, prices, more, cost) => {
    expect((await open(prices)).costOf(message(more))).toEqual(cost)
  })

  const EXPECTED = 'expected dollars per million, such as 3 or 0.25'

  test.each<[unknown, string, string?]>([
    [{ m: { input: -1 } }, 'prices.m.input: a price cannot be negative'],
    [{ m: { input: '3' } }, `prices.m.input: ${EXPECTED}`],
    [{ m: { input: 'three' } }, `prices.m.input: ${EXPECTED}`],
    [{ m: { output: Number.NaN } }, `prices.m.output: ${EXPECTED}`],
    [{ m: { output: Number.POSITIVE_INFINITY } }, `prices.m.output: ${EXPECTED}`],
    [{ m: { output: 1e300 } }, `prices.m.output: ${EXPECTED}`],
    [{ m: { cached: null } }, `prices.m.cached: ${EXPECTED}`],
    [{ m: { cached: [1] } }, `prices.m.cached: ${EXPECTED}`],
    [{ m: { ouput: 3 } }, 'prices.m.ouput: unknown key', 'did you mean output?'],
    [{ m: { cache_write_1: 3 } }, 'prices.m.cache_write_1: unknown key', 'did you mean cache_write_1h?'],
    [{ m: { price: 3 } }, 'prices.m.price: unknown key', 'one of input, cached, cache_write, cache_write_1h, output, web_search'],
    [{ m: 3 }, 'prices.m: expected prices, such as { input: 3, output: 15 }'],
    [{ m: null }, 'prices.m: expected prices, such as { input: 3, output: 15 }'],
    [{ m: [1, 2] }, 'prices.m: expected prices, such as { input: 3, output: 15 }'],
    [{ input: 3 }, 'prices.input: expected prices, such as { input: 3, output: 15 }'],
  ])('%j are a mistake', async (prices, says, hint = 'ainative-code config path shows the path of the file') => {
    await expect(open(prices)).rejects.toMatchObject({ code: 'config', message: `config ${says} (/home/me/config.yaml)`, hint })
  })
})

describe('the catalogue', () => {
  /** Every name in the rules of a model. */
  const namesIn = (rule: MatchLogic): string[] =>
    'or' in rule
      ? rule.or.flatMap(namesIn)
      : 'and' in rule
        ? rule.and.flatMap(namesIn)
        : Object.values(rule).filter((name) => name !== undefined)

  test('is read as its package reads it', async () => {
    const { find } = await openCatalogue()
    const lists = (await waitForUpdate()) ?? []
    expect(lists.length).toBeGreaterThan(20)
    const time = Date.parse('2026-09-01T02:00:00Z')
    let found = 0
    const different: string[] = []
    for (const { id: provider, models } of lists) {
      for (const model of thin(
        4,
        models.flatMap(({ id, match }) => [id, ...namesIn(match)]),
      )) {
        for (const name of [model, `${model}-20250101`, ` ${model.toUpperCase()}`, `x${model}`]) {
          const theirs = calcPrice({}, name, { providerId: provider, timestamp: new Date(time) })
          const ours = find(provider, name)
          if (theirs && !(ours && isDeepStrictEqual(priceAt(ours, time, true), theirs.model_price))) different.push(`${provider} ${name}`)
          // Only a name with a slash is looked up elsewhere.
          if (!theirs && ours && !name.includes('/')) different.push(`${provider} ${name}`)
          if (theirs) found++
        }
      }
    }
    expect(different).toEqual([])
    expect(found).toBeGreaterThan(LONG ? 3000 : 750)
  })

  test('has no constraint that is not understood', async () => {
    const prices = ((await waitForUpdate()) ?? []).flatMap(({ models }) => models.map((each) => each.prices))
    for (const { constraint } of prices.flatMap((each) => (Array.isArray(each) ? each : []))) {
      if (constraint?.type === 'time_of_date') expect(constraint.start_time + constraint.end_time).toMatch(/^(\d\d:\d\d:\d\dZ){2}$/)
      else if (constraint) expect(constraint).toEqual({ type: 'start_date', start_date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    }
  })

  test.each<[string, MatchLogic, boolean]>([
    ['claude', { regex: 'claude' }, false],
    ['claude-3', { starts_with: 'claude-3' }, true],
    ['claude-3-5', { starts_with: 'claude-3' }, false],
    ['claude-3.5', { starts_with: 'claude-3' }, false],
    ['claude-3-20240229', { starts_with: 'claude-3' }, true],
    ['claude-3-2024-02-29', { starts_with: 'claude-3' }, true],
    ['claude-3@20240229', { starts_with: 'claude-3' }, true],
    ['claude-3-latest', { starts_with: 'claude-3' }, true],
    ['claude-3-20240229-v1:0', { starts_with: 'claude-3' }, true],
    ['claude-3-20240229', { starts_with: 'claude-3-2024' }, true],
    ['claude-3@20240229', { starts_with: 'claude-3@' }, true],
    ['claude-3-20240229-thinking', { starts_with: 'claude-3-2024' }, false],
    ['gemini-3-001', { and: [{ starts_with: 'gemini-3' }, { regex: '^(?!.*tts)' }] }, true],
    ['gemini-3-preview', { and: [{ starts_with: 'gemini-3' }, { regex: '^(?!.*tts)' }] }, false],
    ['us.claude-3', { contains: 'claude-3' }, true],
    ['us.claude-3-v2', { or: [{ equals: 'x' }, { ends_with: 'claude-3-v2' }] }, true],
  ])('%s is the model of %j: %s', (name, rule, is) => expect(isSpecificTo(rule, name)).toBe(is))
})
