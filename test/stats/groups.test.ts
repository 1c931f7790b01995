import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { day, failure, type MessageFile, sample, script, seed } from '../helpers/seed.ts'

const said = (timestamp: string, fields: Partial<MessageFile> = {}): MessageFile => ({ role: 'user', content: 'x', timestamp, ...fields })
const made = async () => {
  const home = here(makeHome())
  const usage = { input: 100, output: 50, cached: 10, reasoning: 5 }
  await seed(
    home,
    sample(1, {
      messages: [said(day(1)), said(day(1, 11), { role: 'assistant', latency_ms: 2000, usage, finish_reason: 'stop' })],
      metadata: { tags: ['go', 'api'], project: 'p' },
    }),
    sample(2, {
      messages: [said(day(9)), said(day(9, 11), { role: 'assistant', provider: 'openai', model: 'gpt-4o' })],
      metadata: { tags: ['go'] },
    }),
    sample(3, { provider: null, model: null }),
  )
  return home
}

/** Rows as lines of their keys, sessions and messages. */
const rows = (all: Record<string, unknown>[]) =>
  all.map((row) =>
    Object.values(row)
      .slice(0, Object.keys(row).indexOf('messages') + 1)
      .join(' '),
  )
const by = async (...words: string[]) => rows(await (await made()).json('session', 'stats', '--json', '--by', ...words))

test('prints a row for each group, as a table, JSON lines and CSV', async () => {
  const home = await made()
  expect(await home.runWith({}, 'session', 'stats', '--by', 'provider')).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "some replies have no token counts and are not part of the totals
    ",
      "stdout": "PROVIDER  SESSIONS MESSAGES TOKENS  COST    INPUT   CACHED  WRITTEN OUTPUT  REASONING SEARCHES AVERAGE P50     P95
    anthropic 2        3        150     $0.001  100     10      unknown 50      5         unknown  2.0s    2.0s    2.0s
    openai    0        1        unknown unknown unknown unknown unknown unknown unknown   unknown  1h      1h      1h
    (unknown) 1        0        unknown unknown unknown unknown unknown unknown unknown   unknown  unknown unknown unknown

    Cost: $0.001
    Computed Cost: $0.001
    Without Token Counts: 1 reply
    Catalogue: prices as of 2026-09-23
    ",
    }
  `)
  expect(await home.ok('session', 'stats', '--by', 'role', '--format', 'jsonl')).toMatchInlineSnapshot(`
    "{"role":"assistant","sessions":2,"messages":2,"total_tokens":150,"input_tokens":100,"cached_tokens":10,"cache_write_tokens":null,"cache_write_1h_tokens":null,"output_tokens":50,"reasoning_tokens":5,"web_searches":null,"counted_messages":1,"uncounted_replies":1,"average_response_ms":1801000,"p50_response_ms":1801000,"p95_response_ms":3420100,"cost_usd":0.001023,"cost":{"costs":[{"amount":0.001023,"currency":"USD","source":"computed","messages":1}],"local":0,"unpriced":[],"uncounted":1,"prices_date":"2026-09-23"}}
    {"role":"user","sessions":2,"messages":2,"total_tokens":null,"input_tokens":null,"cached_tokens":null,"cache_write_tokens":null,"cache_write_1h_tokens":null,"output_tokens":null,"reasoning_tokens":null,"web_searches":null,"counted_messages":0,"uncounted_replies":0,"average_response_ms":null,"p50_response_ms":null,"p95_response_ms":null,"cost_usd":null,"cost":{"costs":[],"local":0,"unpriced":[],"uncounted":0,"prices_date":"2026-09-23"}}
    "
  `)
  expect(await home.ok('session', 'stats', '--by', 'month', '--format', 'csv')).toMatchInlineSnapshot(`
    "month,sessions,messages,total_tokens,input_tokens,cached_tokens,cache_write_tokens,cache_write_1h_tokens,output_tokens,reasoning_tokens,web_searches,counted_messages,uncounted_replies,average_response_ms,p50_response_ms,p95_response_ms,cost_usd,cost,prices_date
    2024-01,3,4,150,100,10,,,50,5,,1,1,1801000,1801000,3420100,0.001023,$0.001,2026-09-23
    "
  `)
})

test.each([
  ['provider', ['anthropic 2 3', 'openai 0 1', ' 1 0']],
  ['model', ['claude-3-5-sonnet-20241022 2 3', 'gpt-4o 0 1', ' 1 0']],
  ['project', [' 2 2', 'p 1 2']],
  ['tag', ['go 2 4', 'api 1 2', ' 1 0']],
  ['day', ['2024-01-01 1 2', '2024-01-02 1 0', '2024-01-03 1 0', '2024-01-09 0 2']],
  ['week', ['2024-01-01 3 2', '2024-01-08 0 2']],
  ['month', ['2024-01 3 4']],
  ['hour', ['10 3 2', '11 0 2']],
  ['weekday', ['1 1 2', '2 1 2', '3 1 0']],
  ['role', ['assistant 2 2', 'user 2 2']],
  ['finish', [' 2 3', 'stop 1 1']],
  ['model,month', ['claude-3-5-sonnet-20241022 2024-01 2 3', 'gpt-4o 2024-01 0 1', ' 2024-01 1 0']],
  ['week,provider', ['2024-01-01 anthropic 2 2', '2024-01-01  1 0', '2024-01-08 anthropic 0 1', '2024-01-08 openai 0 1']],
  ['role, provider', ['user anthropic 2 2', 'assistant anthropic 1 1', 'assistant openai 1 1']],
])('--by %s', async (keys, expected) => {
  expect(await by(keys)).toEqual(expected)
})

test('an unknown value has a label', async () => {
  const home = await made()
  expect(await home.ok('session', 'stats', '--by', 'provider')).toMatch(/^\(unknown\) +1 /m)
  expect(await home.ok('session', 'stats', '--by', 'project')).toMatch(/^\(none\) +2 /m)
  expect(await home.ok('session', 'stats', '--by', 'weekday')).toMatch(/^Mon +1 +2 [\s\S]*^Wed /m)
  expect(await home.ok('session', 'stats', '--by', 'hour')).toMatch(/^10:00 +3 +2 /m)
})

test('says that tags overlap, which groups are left out, and that counts are missing', async () => {
  const home = await made()
  expect((await home.run('session', 'stats', '--by', 'tag')).stderr).toContain('a session counts once for each of its tags')
  expect((await home.run('session', 'stats', '--by', 'day', '--top', '1')).stderr).toContain('1 of 4 groups shown')
  expect((await home.run('session', 'stats', '--by', 'role')).stderr).toContain('some replies have no token counts')
})

test('--top takes those with the most messages', async () => {
  expect(await by('day', '--top', '2')).toEqual(['2024-01-01 1 2', '2024-01-09 0 2'])
  expect(await by('model', '--top', '1')).toEqual(['claude-3-5-sonnet-20241022 2 3'])
})

test('groups the sessions of flags, of ids and of --where', async () => {
  const home = await made()
  expect(rows(await home.json('session', 'stats', '--by', 'tag', '--json', '--project', 'p'))).toEqual(['api 1 2', 'go 1 2'])
  expect(rows(await home.json('session', 'stats', 'sample000002', '--by', 'role', '--json'))).toEqual(['assistant 1 1', 'user 1 1'])
  const where = await home.runWith({}, 'session', 'stats', '--where', '"api" in tags', '--by', 'month', '--json')
  expect(rows(JSON.parse(where.stdout))).toEqual(['2024-01 1 2'])
  expect(await home.run('session', 'stats', '--by', 'model', '--tag', 'none')).toMatchObject({ code: 0, stderr: 'no session matches\n' })
})

test('is the same at the prompt, where its rows are the last result', async () => {
  const home = await made()
  expect((await script(home, 'session stats --by month')).stdout).toBe(await home.ok('session', 'stats', '--by', 'month'))
  expect((await script(home, 'session stats --by role', '$sum($_.messages)')).stdout).toMatch(/\n4\n$/)
})

test('days are those of the zone, over the change to summer time', async () => {
  const home = makeHome({ TZ: 'Asia/Tokyo' })
  await seed(
    home,
    sample(1, {
      messages: ['2024-03-30T22:59:59Z', '2024-03-30T23:00:00Z', '2024-03-31T21:59:59Z', '2024-03-31T22:00:00Z'].map((time) => said(time)),
    }),
  )
  const days = async () => rows(await home.json('session', 'stats', '--by', 'day', '--json'))
  expect(await days()).toEqual(['2024-01-01 1 0', '2024-03-31 0 2', '2024-04-01 0 2'])
  home.write('.config/ainative-code/config.yaml', 'defaults: { time_zone: Europe/Berlin }')
  expect(await days()).toEqual(['2024-01-01 1 0', '2024-03-30 0 1', '2024-03-31 0 2', '2024-04-01 0 1'])
})

test('a wrong time zone is named, and one of a project that nobody trusts works', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/config.yaml', 'defaults: { time_zone: Mars/Olympus }')
  expect(await failure(home, 1, ['session', 'stats'])).toContain(
    'config defaults.time_zone: expected an IANA time zone such as Europe/Berlin',
  )
  home.write('.config/ainative-code/config.yaml', '')
  home.write('.ainativerc', 'defaults: { time_zone: Asia/Tokyo }')
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ time_zone: 'Asia/Tokyo' })
})

test.each([
  ['modle', '--by: unknown key "modle"', 'did you mean model?'],
  ['months', '--by: unknown key "months"', 'did you mean month?'],
  ['provider,modell', '--by: unknown key "modell"', 'did you mean model?'],
  ['', '--by: unknown key ""', 'one of provider, model'],
  ['__proto__', '--by: unknown key "__proto__"', 'one of provider, model'],
  ['model,model', '--by has model twice', ''],
  ['model,month,day', '--by takes one or two keys, not 3', 'session stats --by model,month'],
])('--by %j is wrong usage', async (keys, message, hint) => {
  expectProblem(await here(makeHome()).run('session', 'stats', '--by', keys), 2, message, hint)
})

test('--by completes its keys, after a comma too', async () => {
  const home = makeHome()
  const values = async (text: string) => (await home.ok('complete', 'fish', '--', 'session', 'stats', '--by', text)).match(/^\S+/gm)
  expect(await values('m')).toEqual(['model', 'month'])
  expect(await values('model,mo')).toEqual(['model,month'])
})

test('hostile names stay in their cells', async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, { provider: 'a\x1b[31m\nb', model: '\ud800', metadata: { tags: ['=1+1'], project: '' }, messages: [said(day(1))] }),
  )
  expect(await home.ok('session', 'stats', '--by', 'provider')).not.toContain('\x1b')
  expect((await home.ok('session', 'stats', '--by', 'provider')).split('\n\n')[0]?.split('\n')).toHaveLength(2)
  expect(await home.ok('session', 'stats', '--by', 'project')).toMatch(/^"" /m)
  expect(await home.json('session', 'stats', '--by', 'model,provider', '--json')).toMatchObject([
    { model: '\ud800', provider: 'a\x1b[31m\nb' },
  ])
  expect(await home.ok('session', 'stats', '--by', 'tag', '--format', 'csv')).toContain("\n'=1+1,")
})
