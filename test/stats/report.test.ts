import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderReport } from '../../plugins/stats/report/report.ts'
import type { ReportData } from '../../plugins/stats/report/report-data.ts'
import { chromium, lookAt } from '../helpers/chromium.ts'

/** What a stranger may have named a session or a model. */
const HOSTILE =
  '</title></style></svg><script>fetch("http://evil.example/x")</script><img src="http://evil.example/y" onerror=alert(1)> \' & \u001b[31m\u202e\ud800\0\n'

const dollars = (amount: number) => ({ amount, currency: 'USD', source: 'computed' as const })

const dayAt = (at: number) => new Date(Date.UTC(2025, 5, 1) + at * 86_400_000).toISOString().slice(0, 10)

const sample = (more: Partial<ReportData> = {}): ReportData => ({
  scope: 'All sessions',
  created_at: '2026-11-27T07:00:00Z',
  time_zone: 'Europe/Berlin',
  totals: {
    sessions: 1234,
    messages: 56_789,
    counted: 40_000,
    usage: { input: 123_456_789, output: 4_567_890, cached: 98_765_432, cache_write: 1000, cache_write_1h: 234, reasoning: 54_321 },
    response: { average: 3210, p50: 2100, p95: 15_500 },
    streak: 23,
  },
  costs: [
    { ...dollars(812.337), messages: 30_000 },
    { ...dollars(3.01), estimate: true, messages: 120 },
    { amount: 12.5, currency: 'USD', source: 'reported', messages: 900 },
    { amount: 0.5, currency: 'EUR', source: 'reported', messages: 3 },
  ],
  local: 400,
  uncounted: 7,
  unpriced: [{ provider: 'mine', model: 'gpt-99', messages: 12 }],
  prices_date: '2026-09-23',
  models: [
    { provider: 'anthropic', model: 'claude-sonnet-4-5', messages: 20_000, input: 1e8, output: 3e6, cost: dollars(600.2) },
    { provider: 'openai', model: 'gpt-5.4', messages: 9000, input: 2e7, output: 1e6, cost: { ...dollars(0.00001), estimate: true } },
    { provider: 'ollama', model: 'llama3', messages: 400, input: 1000, output: 200, cost: 'local' },
    { provider: 'mine', model: 'gpt-99', messages: 12 },
    { messages: 5 },
  ],
  days: Array.from({ length: 500 }, (_, at) => ({ day: dayAt(at), messages: 1 + (at % 30), cost: (at % 17) / 100 })),
  hours: Array.from({ length: 24 }, (_, hour) => hour * 10),
  sessions: [{ id: 'abc123def456', title: 'REST API Development', messages: 1200, cost: dollars(12.3) }],
  ...more,
})

const NOTHING = sample({
  ...{ totals: { sessions: 0, messages: 0 }, costs: [], local: 0, unpriced: [], models: [], days: [], sessions: [] },
  hours: Array(24).fill(0),
})

/** The text of a part of the page, a row a line. */
function textOf(html: string, heading: string): string[] {
  const from = html.indexOf(`<h2>${heading}</h2>`)
  const part = from < 0 ? '' : html.slice(from, html.indexOf('</section>', from))
  return [...part.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    row
      .replace(/<\/t[hd]>/g, ' | ')
      .replace(/<[^>]*>/g, '')
      .replace(/ \| $/, ''),
  )
}

const tilesOf = (html: string) => [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${value}`)

test('the figures can be read below the charts', () => {
  const html = renderReport(sample())
  expect(tilesOf(html)).toMatchInlineSnapshot(`
    [
      "Sessions: 1,234",
      "Messages: 56,789",
      "Input tokens: 123,456,789",
      "Cached tokens: 98,765,432",
      "Tokens written to a cache: 1,234",
      "Output tokens: 4,567,890",
      "Reasoning tokens: 54,321",
      "Messages with token counts: 40,000",
      "Cost: ~$827.85, €0.50",
      "Average response time: 3.2s",
      "Median response time: 2.1s",
      "95th percentile response time: 15.5s",
      "Longest streak: 23 days",
    ]
  `)
  expect(textOf(html, 'Models')).toMatchInlineSnapshot(`
    [
      "Model | Messages | Input tokens | Output tokens | Cost",
      "anthropic/claude-sonnet-4-5 | 20,000 | 100,000,000 | 3,000,000 | $600.20",
      "openai/gpt-5.4 | 9,000 | 20,000,000 | 1,000,000 | &lt; $0.0001",
      "ollama/llama3 | 400 | 1,000 | 200 | local",
      "mine/gpt-99 | 12 | – | – | –",
      "no model | 5 | – | – | –",
    ]
  `)
  expect(textOf(html, 'Cost')).toMatchInlineSnapshot(`
    [
      "Source | Messages | Cost",
      "Computed from token counts | 30,000 | $812.34",
      "Estimated: the price of a similar model was used, or a part of the price is unknown | 120 | ~$3.01",
      "Reported by providers | 900 | $12.50",
      "Reported by providers | 3 | €0.50",
      "Local models | 400 | local",
      "Replies without token counts | 7 | –",
      "Unknown price: mine/gpt-99 | 12 | –",
    ]
  `)
  expect(textOf(html, 'Months').slice(0, 4)).toMatchInlineSnapshot(`
    [
      "Month | Messages | Cost",
      "2025-06 | 465 | $2.14",
      "2025-07 | 466 | $2.39",
      "2025-08 | 467 | $2.48",
    ]
  `)
  expect(textOf(html, 'Longest sessions')).toMatchInlineSnapshot(`
    [
      "Session | ID | Messages | Cost",
      "REST API Development | abc123def456 | 1,200 | $12.30",
    ]
  `)
  expect(textOf(html, 'Days')).toHaveLength(501)
  expect(html).toContain('Prices as of 2026-09-23.')
})

test('each chart is there for wide and for narrow windows, with a name', () => {
  const charts = [...renderReport(sample()).matchAll(/<svg class="(\w+)" role="img" aria-label="([^"]+)"/g)].map(
    ([, size, name]) => `${name}, ${size}`,
  )
  expect(charts).toEqual(
    ['Messages per day', 'Messages per hour of the day', 'Cost per model', 'Cost per month'].flatMap((name) => [
      `${name}, wide`,
      `${name}, narrow`,
    ]),
  )
})

/** The tags of a page, without those of the charts' paths and texts. */
const tagsOf = (html: string) => html.match(/<[a-z!/][^>]*>/gi) ?? []
const NAMES =
  /^<\/?(!doctype|html|head|meta|link|title|style|body|main|h1|h2|p|dl|div|dt|dd|section|svg|rect|path|text|g|i|table|thead|tbody|tr|th|td|bdi|details|summary)\b/

const LOADS = / (?:on\w+|src|srcset|action|xlink:href)=|url\(|javascript:|https?:/i

/** Nothing in the page loads, runs or breaks anything. */
function expectHarmless(html: string): void {
  const known = (tag: string) => NAMES.test(tag) && !LOADS.test(tag) && (!/ href=/.test(tag) || tag === '<link rel="icon" href="data:,">')
  expect(tagsOf(html).filter((tag) => !known(tag))).toEqual([])
  expect(html).not.toMatch(/@import|@font-face/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(html).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
  expect(html.isWellFormed()).toBe(true)
}

const withTexts = (value: string) =>
  sample({
    scope: value,
    time_zone: value,
    unpriced: [{ provider: value, model: value, messages: 1 }],
    models: [{ provider: value, model: value, messages: 10, cost: dollars(1) }],
    sessions: [{ id: value, title: value, messages: 1 }],
    // No day has a text of others.
    days: sample().days.slice(0, 30),
  })

describe('texts of others', () => {
  test('are shown as they are', () => {
    const html = renderReport(withTexts(HOSTILE))
    expectHarmless(html)
    expect(html).toContain('&lt;script&gt;fetch(&quot;http://evil.example/x&quot;)&lt;/script&gt;')
  })

  test('never become a part of the page', () => {
    const tags = tagsOf(renderReport(withTexts('x'))).length
    const part = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '&lt;',
      '<!--',
      '-->',
      ']]>',
      '<![CDATA[',
      '{a|b}',
      '{value}',
      '\\',
      '\u2028',
      '\ud83d',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary' })), { maxLength: 8 }), (parts) => {
        const html = renderReport(withTexts(parts.join('') || 'x'))
        expectHarmless(html)
        expect(tagsOf(html)).toHaveLength(tags)
      }),
      { numRuns: 15 },
    )
  })

  test('of 1 MB are cut', () => {
    expect(renderReport(withTexts('<'.repeat(1_000_000))).length).toBeLessThan(300_000)
  })
})

describe('a report', () => {
  test('of nothing says so', () => {
    const html = renderReport(NOTHING)
    expectHarmless(html)
    expect(html).toContain('There are no messages in this selection.')
    expect(html).not.toContain('<svg')
    expect(html).not.toContain('<table')
  })

  test.each<[string, Partial<ReportData>]>([
    [
      'one message',
      {
        days: [{ day: '2026-11-27', messages: 1 }],
        totals: { sessions: 1, messages: 1 },
        models: [{ messages: 1 }],
        costs: [],
        unpriced: [],
      },
    ],
    [
      'days of the first and the last year',
      {
        days: [
          { day: '0000-01-01', messages: 1, cost: 1 },
          { day: '9999-12-31', messages: 1, cost: 2 },
        ],
      },
    ],
    ['days of the future alone', { days: [{ day: '9999-12-30', messages: 1, cost: 1 }] }],
    [
      'costs of nothing',
      {
        days: [{ day: '2026-11-27', messages: 1, cost: 0 }],
        costs: [{ ...dollars(0), messages: 1 }],
        models: [{ model: 'm', messages: 1, cost: dollars(0) }],
      },
    ],
    ['a currency that nobody knows', { costs: [{ amount: 3, currency: 'XQZ', source: 'reported', messages: 1 }] }],
    ['figures without an end', { totals: { sessions: 1, messages: 1e15 }, costs: [{ ...dollars(1e15), messages: 1e15 }] }],
    [
      '10,000 models',
      {
        models: Array.from({ length: 10_000 }, (_, at) => ({ model: `m${at}`, messages: 1 })),
        unpriced: Array.from({ length: 10_000 }, (_, at) => ({ model: `m${at}`, messages: 1 })),
      },
    ],
  ])('of %s is whole', (_, more) => {
    const html = renderReport(sample(more))
    expectHarmless(html)
    expect(html).not.toMatch(/NaN|Infinity|undefined|null|Invalid/)
    expect(html.length).toBeLessThan(1_000_000)
    expect(html).toMatch(/<\/main>\n<\/body>\n<\/html>\n$/)
  })
})

if (!chromium) console.log('skipped: no Chromium on this machine looks at the report')

describe.skipIf(!chromium)('in Chromium', () => {
  test.each<[string, ReportData]>([
    ['figures', sample()],
    ['texts of others', withTexts(HOSTILE)],
    ['a long word', withTexts('x'.repeat(5000))],
    [
      'large figures',
      sample({ totals: { sessions: 1, messages: 1e15, usage: { input: 1e15 } }, costs: [{ ...dollars(1e15), messages: 1e15 }] }),
    ],
    ['nothing', NOTHING],
  ])('a report of %s fits windows of 400 and 1,200 pixels, and asks no server for anything', async (_, data) => {
    const { looks, requests } = await lookAt(renderReport(data), [400, 1200], false)
    expect(looks).toHaveLength(2)
    for (const { width, content } of looks) expect(content).toBeLessThanOrEqual(width)
    expect(looks.map(({ background }) => background)).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)'])
    expect(requests).toEqual([])
  })

  test('a report is dark where windows are', async () => {
    const { looks } = await lookAt(renderReport(sample()), [400], true)
    expect(looks).toMatchObject([{ background: 'rgb(13, 17, 23)' }])
  })

  test('what a page loads would be noticed', async () => {
    const page = '<!doctype html><img src="http://evil.example/y"><p style="width:900px">wide</p>'
    const { looks, requests } = await lookAt(page, [400], false)
    expect(requests).toEqual(['evil.example/y'])
    expect(looks[0]?.content).toBeGreaterThan(looks[0]?.width ?? 0)
  })
})
