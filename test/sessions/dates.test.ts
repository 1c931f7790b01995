import { lightFormat } from 'date-fns'
import { expect, test } from 'vitest'
import { readDateWords } from '../../core/session/date-words.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed, titles } from '../helpers/seed.ts'

const at = (title: string, created_at: string, number: number) => sample(number, { title, created_at, updated_at: created_at })

test('a date without a time is that whole day where the person is; --until includes it, --before does not', async () => {
  const home = makeHome({ TZ: 'America/New_York' })
  await seed(
    home,
    at('14th 23:59', '2024-01-15T04:59:59.999Z', 1),
    at('15th 00:00', '2024-01-15T05:00:00Z', 2),
    at('15th 23:59', '2024-01-16T04:59:59.999Z', 3),
    at('16th 00:00', '2024-01-16T05:00:00Z', 4),
  )
  const [since, until, before, one] = await Promise.all([
    titles(home, '--since', '2024-01-15'),
    titles(home, '--until', '2024-01-15'),
    titles(home, '--before', '2024-01-15'),
    titles(home, '--since', '2024-01-15', '--until', '2024-01-15'),
  ])
  expect(since).toEqual(['16th 00:00', '15th 23:59', '15th 00:00'])
  expect(until).toEqual(['15th 23:59', '15th 00:00', '14th 23:59'])
  expect(before).toEqual(['14th 23:59'])
  expect(one).toEqual(['15th 23:59', '15th 00:00'])
  expect(await home.ok('session', 'list')).toMatchInlineSnapshot(`
    "ID           TITLE      CREATED          MESSAGES
    sample000004 16th 00:00 2024-01-16 00:00 0
    sample000003 15th 23:59 2024-01-15 23:59 0
    sample000002 15th 00:00 2024-01-15 00:00 0
    sample000001 14th 23:59 2024-01-14 23:59 0
    "
  `)
})

test('the day on which the clocks change has 23 or 25 hours', async () => {
  const home = makeHome({ TZ: 'Europe/Berlin' })
  await seed(
    home,
    at('spring starts', '2024-03-30T23:00:00Z', 1),
    at('spring ends', '2024-03-31T21:59:59Z', 2),
    at('after spring', '2024-03-31T22:00:00Z', 3),
    at('autumn starts', '2024-10-26T22:00:00Z', 4),
    at('autumn ends', '2024-10-27T22:59:59Z', 5),
    at('after autumn', '2024-10-27T23:00:00Z', 6),
  )
  expect(await titles(home, '--since', '2024-03-31', '--until', '2024-03-31')).toEqual(['spring ends', 'spring starts'])
  expect(await titles(home, '--since', '2024-10-27', '--until', '2024-10-27')).toEqual(['autumn ends', 'autumn starts'])
})

test('times are local unless they name a zone', async () => {
  const home = makeHome({ TZ: 'Asia/Tokyo' })
  await seed(home, at('early', '2024-01-15T00:30:00Z', 1), at('late', '2024-01-15T01:30:00Z', 2))
  const [local, spaced, utc, offset, exact, past] = await Promise.all([
    titles(home, '--since', '2024-01-15T10:00'),
    titles(home, '--since', '2024-01-15 10:00:00'),
    titles(home, '--since', '2024-01-15T01:00:00Z'),
    titles(home, '--since', '2024-01-15T02:00+01:00'),
    titles(home, '--until', '2024-01-15T00:30:00Z'),
    titles(home, '--before', '2024-01-15T00:30:00Z'),
  ])
  expect([local, spaced, utc, offset]).toEqual(Array(4).fill(['late']))
  expect([exact, past]).toEqual([['early'], []])
})

const HOUR = 3_600_000
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()

test('ages count back from now: --since and --before by creation, --older-than by the last change', async () => {
  const home = here(makeHome())
  const session = (number: number, created: number, updated: number) =>
    sample(number, { title: `${created}h/${updated}h`, created_at: ago(created), updated_at: ago(updated) })
  await seed(
    home,
    session(1, 11, 1),
    session(2, 13, 13),
    session(3, 15 * 24, 2),
    session(4, 15 * 24, 13 * 24),
    session(5, 31 * 24, 31 * 24),
  )
  const [hours, weeks, before, old, older] = await Promise.all([
    titles(home, '--since', '12h'),
    titles(home, '--since', '2w'),
    titles(home, '--before', '2w'),
    titles(home, '--older-than', '12h'),
    titles(home, '--older-than', '30d'),
  ])
  expect(hours).toEqual(['11h/1h'])
  expect(weeks).toEqual(['11h/1h', '13h/13h'])
  expect(before?.sort()).toEqual(['360h/2h', '360h/312h', '744h/744h'].sort())
  expect(old?.sort()).toEqual(['13h/13h', '360h/312h', '744h/744h'].sort())
  expect(older).toEqual(['744h/744h'])
})

test('what is no date, or two, is refused with how it was read', async () => {
  const home = here(makeHome())
  const wrong = ['soon', '2024-13-01', '2024-02-30', '2024-1-5', '30', '30x', '-30d', '', '2024-01-15T25:00']
  const said = await Promise.all(wrong.map((date) => failure(home, 2, ['session', 'list', '--since', date])))
  expect(said[0]).toMatchInlineSnapshot(`
    "error: --since "soon": expected a date (2024-01-31), a time (2024-01-31T10:30), an age (30d, 12h, 2w, 6mo, 1y) or words (yesterday, 2 weeks ago)
    "
  `)
  expect(said.map((each) => each.includes('expected a date'))).toEqual(wrong.map(() => true))
  expect(await failure(home, 2, ['session', 'list', '--until', '03/04/2024'])).toMatch(
    /^error: --until "03\/04\/2024": it may be 2024-03-04 or 2024-04-03; expected a date/,
  )
})

test('dates may be words, in every place that takes a date', async () => {
  const home = makeHome()
  await seed(home, at('old', ago(24 * 40), 1), at('new', ago(1), 2))
  expect(await titles(home, '--since', '2 weeks ago')).toEqual(['new'])
  expect(await titles(home, '--before', '2 weeks ago')).toEqual(['old'])
  expect(await titles(home, '--older-than', '2 weeks')).toEqual(['old'])
  await home.ok('session', 'rename', 'sample000002', 'new needle')
  expect(await home.json('session', 'search', "needle 'since:yesterday'", '--json')).toHaveLength(1)
  home.write(
    'count.ts',
    `export default async ({ sessions }) => { let n = 0; for await (const _ of sessions({ since: '2 weeks ago' })) n++; return n }`,
  )
  expect(await home.ok('run', 'count.ts')).toBe('1\n')
  expect((await home.runWith({ input: 'ls --since "2 weeks ago" --fields title\n' })).stdout).toBe('TITLE\nnew needle\n')
})

const NOW = new Date(2026, 10, 27, 10, 41, 30)
const told = (text: string) => {
  const reading = readDateWords(text, NOW.getTime())
  if (!reading || 'problem' in reading) return reading?.problem
  const show = (ms: number) => lightFormat(ms, 'yyyy-MM-dd HH:mm').replace(' 00:00', '')
  return reading.end - reading.from === 1 ? show(reading.from) : `${show(reading.from)} to ${show(reading.end)}`
}

// A Friday.
test.each([
  ['today', '2026-11-27 to 2026-11-28'],
  [' Yesterday ', '2026-11-26 to 2026-11-27'],
  ['the day before yesterday', '2026-11-25 to 2026-11-26'],
  ['monday', '2026-11-23 to 2026-11-24'],
  ['fri', '2026-11-27 to 2026-11-28'],
  ['saturday', '2026-11-21 to 2026-11-22'],
  ['last friday', '2026-11-20 to 2026-11-21'],
  ['next monday', '2026-11-30 to 2026-12-01'],
  ['2 weeks ago', '2026-11-13 10:41'],
  ['a month ago', '2026-10-27 10:41'],
  ['3 days', '2026-11-24 10:41'],
  ['half an hour ago', '2026-11-27 10:11'],
  ['in 2 days', '2026-11-29 10:41'],
  ['last week', '2026-11-16 to 2026-11-23'],
  ['this week', '2026-11-23 to 2026-11-30'],
  ['last month', '2026-10-01 to 2026-11-01'],
  ['this month', '2026-11-01 to 2026-12-01'],
  ['last year', '2025-01-01 to 2026-01-01'],
  ['january', '2026-01-01 to 2026-02-01'],
  ['november', '2026-11-01 to 2026-12-01'],
  ['december', '2025-12-01 to 2026-01-01'],
  ['jan 5', '2026-01-05 to 2026-01-06'],
  ['dec 25', '2025-12-25 to 2025-12-26'],
  ['5 jan 2024', '2024-01-05 to 2024-01-06'],
  ['january 2024', '2024-01-01 to 2024-02-01'],
  ['5/13/2024', '2024-05-13 to 2024-05-14'],
  ['2024/01/05', '2024-01-05 to 2024-01-06'],
  ['yesterday at 5pm', '2026-11-26 17:00'],
  ['10:30', '2026-11-27 10:30'],
  ['17:00', '2026-11-26 17:00'],
  ['monday 10:00', '2026-11-23 10:00'],
  ['now', '2026-11-27 10:41'],
  ['03/04/2024', 'it may be 2024-03-04 or 2024-04-03'],
  ['3.4.2024', 'it may be 2024-03-04 or 2024-04-03'],
  ['this monday', 'it may be 2026-11-30 or 2026-11-23'],
  ['monday or tuesday', 'it names 2 dates: 2026-11-30 and 2026-11-24'],
  ['monday to friday', 'it is a range, from 2026-11-30 to 2026-12-04'],
  ['since monday', 'only "monday" in it is a date (2026-11-30)'],
  ['monday 5 jan 2024', '2024-01-05 is a Friday'],
  ['this morning', 'it names no definite date'],
  ['a few days ago', 'it names no definite date'],
  ['last weekend', 'it names no definite date'],
  ['2024-13-01', undefined],
  ['feb 30', undefined],
  ['+2d', undefined],
  ['12', undefined],
  ['notes of today '.repeat(10), undefined],
])('%j is %j', (text, meaning) => {
  expect(told(text)).toBe(meaning)
})
