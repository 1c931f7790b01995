import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
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
  const home = makeHome()
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

test('what is no date is refused with the forms that are', async () => {
  const home = makeHome()
  const wrong = ['yesterday', '2024-13-01', '2024-02-30', '2024-1-5', '30', '30x', '-30d', '', '2024-01-15T25:00']
  const said = await Promise.all(wrong.map((date) => failure(home, 2, ['session', 'list', '--since', date])))
  expect(said[0]).toMatchInlineSnapshot(`
    "error: --since "yesterday": expected a date (2024-01-31), a time (2024-01-31T10:30) or an age (30d, 12h, 2w, 6mo, 1y)
    "
  `)
  expect(said.map((each) => each.includes('expected a date'))).toEqual(wrong.map(() => true))
})
