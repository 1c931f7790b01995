import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { day, failure, type MessageFile, sample, script, seed, talk } from '../helpers/seed.ts'
import { shell } from '../helpers/shell.ts'

const reply = (number: number, fields: Partial<MessageFile> = {}): MessageFile => ({
  role: 'assistant',
  content: 'x',
  timestamp: day(number, 11),
  ...fields,
})

/** Three sessions on the days 1, 2 and 4 of January 2024, of which one is archived. */
const made = async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, {
      messages: [
        { role: 'user', content: 'x', timestamp: day(1, 10) },
        reply(1, { latency_ms: 1000, usage: { input: 1000, output: 200, cached: 500, reasoning: 50 } }),
      ],
    }),
    sample(2, {
      title: 'Long',
      messages: [reply(2, { latency_ms: 3000 }), reply(4, { timestamp: day(4, 12), latency_ms: 5000, usage: { input: 10, output: 20 } })],
      metadata: { tags: ['go', 'api'] },
    }),
    sample(3, { provider: 'openai', model: 'gpt-4o', status: 'archived', metadata: { tags: ['go'] } }),
  )
  return home
}

test('shows the numbers of all sessions, the busiest hours and the longest sessions', async () => {
  const { stdout, stderr, code } = await (await made()).runWith({}, 'session', 'stats')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatchInlineSnapshot(`
    "Sessions: 3
    Messages: 4 (1.3 per session)
    Total Tokens: 1,230
    Counted: 2 of 4 messages
    Input Tokens: 1,010
    Cached Tokens: 500
    Tokens Written to Cache: unknown
    Output Tokens: 220
    Reasoning Tokens: 50
    Cost: $0.005
    Computed Cost: $0.005
    Without Token Counts: 1 reply
    Catalogue: prices as of 2026-09-23
    Average Response Time: 3.0s
    Response Time p50: 3.0s
    Response Time p95: 4.8s
    First Message: 2024-01-01 10:30:00
    Last Message: 2024-01-04 12:30:00
    Active Days: 3
    Longest Streak: 2 days
    Current Streak: 0 days
    Time Zone: UTC

    Busiest Hours
    HOUR  MESSAGES
    11:00 2
    10:00 1
    12:00 1

    Longest Sessions
    ID           TITLE     DURATION MESSAGES
    sample000002 Long      2d 1h    2
    sample000001 Session 1 1h       2
    "
  `)
})

test('gives them as JSON, with the lists, and as a row of CSV', async () => {
  const home = await made()
  expect(await home.json('session', 'stats', '--format', 'json')).toMatchInlineSnapshot(`
    {
      "active_days": 3,
      "average_messages": 1.3333333333333333,
      "average_response_ms": 3000,
      "busiest_hours": [
        {
          "hour": 11,
          "messages": 2,
        },
        {
          "hour": 10,
          "messages": 1,
        },
        {
          "hour": 12,
          "messages": 1,
        },
      ],
      "cache_write_1h_tokens": null,
      "cache_write_tokens": null,
      "cached_tokens": 500,
      "cost": {
        "costs": [
          {
            "amount": 0.00498,
            "currency": "USD",
            "messages": 2,
            "source": "computed",
          },
        ],
        "local": 0,
        "prices_date": "2026-09-23",
        "uncounted": 1,
        "unpriced": [],
      },
      "cost_usd": 0.00498,
      "counted_messages": 2,
      "current_streak_days": 0,
      "days": [
        {
          "day": "2024-01-01",
          "messages": 2,
        },
        {
          "day": "2024-01-02",
          "messages": 1,
        },
        {
          "day": "2024-01-04",
          "messages": 1,
        },
      ],
      "first_message": "2024-01-01T10:30:00Z",
      "input_tokens": 1010,
      "last_message": "2024-01-04T12:30:00Z",
      "longest_sessions": [
        {
          "duration_ms": 176400000,
          "id": "sample000002",
          "messages": 2,
          "title": "Long",
        },
        {
          "duration_ms": 3600000,
          "id": "sample000001",
          "messages": 2,
          "title": "Session 1",
        },
      ],
      "longest_streak_days": 2,
      "messages": 4,
      "output_tokens": 220,
      "p50_response_ms": 3000,
      "p95_response_ms": 4800,
      "reasoning_tokens": 50,
      "sessions": 3,
      "time_zone": "UTC",
      "total_tokens": 1230,
      "uncounted_replies": 1,
      "web_searches": null,
    }
  `)
  expect(await home.ok('session', 'stats', '--format', 'csv')).toMatchInlineSnapshot(`
    "sessions,messages,average_messages,total_tokens,input_tokens,cached_tokens,cache_write_tokens,cache_write_1h_tokens,output_tokens,reasoning_tokens,web_searches,counted_messages,uncounted_replies,average_response_ms,p50_response_ms,p95_response_ms,first_message,last_message,time_zone,active_days,longest_streak_days,current_streak_days,cost_usd,cost,prices_date
    3,4,1.3333333333333333,1230,1010,500,,,220,50,,2,1,3000,3000,4800,2024-01-01T10:30:00Z,2024-01-04T12:30:00Z,UTC,3,2,0,0.00498,$0.005,2026-09-23
    "
  `)
})

test('takes every selection flag, --where too, and is the same at the prompt', async () => {
  const home = await made()
  const sessions = async (...flags: string[]) => (await home.json('session', 'stats', '--json', ...flags)).sessions
  expect(await sessions('--provider', 'openai')).toBe(1)
  expect(await sessions('--tag', 'go', '--tag', 'api')).toBe(1)
  expect(await sessions('--status', 'archived')).toBe(1)
  expect(await sessions('--since', '2024-01-02', '--until', '2024-01-02')).toBe(1)
  const where = await home.runWith({}, 'session', 'stats', '--json', '--where', 'message_count = 2')
  expect(JSON.parse(where.stdout).sessions).toBe(2)
  expect(await sessions('--search', 'long')).toBe(1)
  expect((await script(home, 'session stats --tag go')).stdout).toBe(await home.ok('session', 'stats', '--tag', 'go'))
})

test('says that nothing matches, and prints no number that is unknown', async () => {
  const home = here(makeHome())
  const { code, stdout, stderr } = await home.run('session', 'stats')
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'no session matches\n' })
  expect(stdout).toMatch(/^Sessions: 0\nMessages: 0\nTotal Tokens: unknown\n/)
  expect(stdout).not.toMatch(/NaN|Infinity|undefined|null/)
  expect(await home.json('session', 'stats', '--json')).toMatchObject({
    sessions: 0,
    average_messages: null,
    total_tokens: null,
    first_message: null,
    longest_sessions: [],
  })
})

test('counts neither the trash nor forgets it where it is asked for', async () => {
  const home = await made()
  await home.ok('session', 'delete', 'sample000001', '--force')
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ sessions: 2, messages: 2 })
  expect(await home.json('session', 'stats', '--status', 'deleted', '--json')).toMatchObject({ sessions: 1, messages: 2 })
})

test('a streak is current where it ends today or yesterday', async () => {
  const home = here(makeHome())
  const ago = (days: number) => ({ role: 'user', content: 'x', timestamp: new Date(Date.now() - days * 86_400_000).toISOString() })
  await seed(home, sample(1, { messages: [ago(40), ago(41), ago(42), ago(1), ago(2)] }))
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ active_days: 5, longest_streak_days: 3, current_streak_days: 2 })
  await seed(home, sample(2, { messages: [ago(0)] }))
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ active_days: 6, current_streak_days: 3 })
})

test('hostile titles and zones of the system do no harm', async () => {
  const home = makeHome({ TZ: 'Nowhere/Land' })
  await seed(
    home,
    sample(1, { title: '\x1b[2J__proto__\n\u202e', messages: talk('a', 'b') }),
    sample(2, { provider: '__proto__', model: 'x'.repeat(100_000) }),
  )
  const text = await home.ok('session', 'stats')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no other control character may be printed
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
  expect(await home.json('session', 'stats', '--by', 'provider', '--json')).toMatchObject([
    { provider: 'anthropic', messages: 2 },
    { provider: '__proto__', sessions: 1 },
  ])
})

const hasJq = spawnSync('jq', ['--version']).status === 0
if (!hasJq) console.warn('jq is missing: its numbers are not compared')

describe.skipIf(!hasJq)("the guide's jq lines", () => {
  test('give the same numbers', async () => {
    const home = await made()
    const jq = async (filter: string) =>
      JSON.parse((await shell(home, `ainative-code session list --all --format json | jq '${filter}'`)).stdout)
    const all = await home.json('session', 'stats', '--json')
    expect(await jq('length')).toBe(all.sessions)
    expect(await jq('[.[] | .message_count] | add / length')).toBeCloseTo(all.average_messages, 9)
    const providers = await home.json<{ provider: string; sessions: number }[]>('session', 'stats', '--by', 'provider', '--json')
    const counts = providers
      .map(({ provider, sessions }) => ({ provider, count: sessions }))
      .sort((a, b) => (a.provider < b.provider ? -1 : 1))
    expect(counts).toHaveLength(2)
    expect(await jq('group_by(.provider) | map({provider: .[0].provider, count: length})')).toEqual(counts)
  })
})

test('refuses what is no flag of it', async () => {
  const home = makeHome()
  expect(await failure(home, 2, ['session', 'stats', '--top', '3'])).toContain('--top needs --by')
  expect(await failure(home, 2, ['session', 'stats', '--format', 'xml'])).toContain('xml')
})
