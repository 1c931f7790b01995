import fc from 'fast-check'
import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

const THREE_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const at = (created_at: string, number: number) => sample(number, { created_at, updated_at: created_at, messages: talk('Hello') })

test('times in rows have three digits of a second, and exports have the guide’s form', async () => {
  const home = makeHome()
  await seed(home, at('2024-01-15T10:30:00Z', 1), at('2024-01-15T10:30:00.5Z', 2))
  await here(home).ok('session', 'use', 'sample000001')
  await here(home).ok('session', 'use', 'sample000002')
  const lists = [
    await home.json('session', 'list', '--json'),
    (await home.ok('session', 'list', '--format', 'jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    await home.json('query', 'sessions'),
  ]
  for (const rows of lists)
    for (const { created_at, updated_at, activated_at } of rows)
      for (const time of [created_at, updated_at, activated_at]) expect(time).toMatch(THREE_DIGITS)
  expect(await home.ok('session', 'list', '--format', 'csv')).toContain('2024-01-15T10:30:00.000Z')
  expect(await home.json('query', 'sessions.messages[0].timestamp')).toEqual(['2024-01-01T10:00:00.000Z', '2024-01-01T10:00:00.000Z'])
  const exported = await home.json('session', 'show', 'sample000001', '--format', 'json')
  expect([exported.created_at, exported.messages[0].timestamp]).toEqual(['2024-01-15T10:30:00Z', '2024-01-01T10:00:00Z'])
})

const BASE = Date.UTC(2024, 0, 15, 10, 30)
const OFFSETS = [-86_400_000, -60_000, -1000, -1, 0, 1, 250, 500, 999, 1000, 59_999, 60_000, 86_400_000]

/** The ways in which people write a time. */
const written = (ms: number): string[] => {
  const iso = new Date(ms).toISOString()
  const shifted = new Date(ms + 7_200_000).toISOString().replace('Z', '+02:00')
  return [iso, shifted, ...(iso.endsWith('.000Z') ? [iso.replace('.000', ''), shifted.replace('.000', '')] : [])].concat(
    iso.endsWith(':00.000Z') ? [iso.replace(':00.000', '')] : [],
  )
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
}

test('a time that is written out compares by time, in a query, in --where and in the flags alike', async () => {
  const home = makeHome()
  await seed(home, ...OFFSETS.map((offset, i) => at(new Date(BASE + offset).toISOString(), i + 1)))
  const count = (holds: (ms: number) => boolean) => OFFSETS.filter((offset) => holds(BASE + offset)).length
  const cases = fc.sample(fc.record({ offset: fc.constantFrom(...OFFSETS), operator: fc.constantFrom(...Object.keys(COMPARE)) }), 40)
  const questions = cases.flatMap(({ offset, operator }) =>
    written(BASE + offset).flatMap((time) => [
      { text: `$count(sessions[created_at ${operator} "${time}"])`, want: count((ms) => COMPARE[operator]?.(ms, BASE + offset) === true) },
      { text: `$count(sessions["${time}" ${operator} created_at])`, want: count((ms) => COMPARE[operator]?.(BASE + offset, ms) === true) },
    ]),
  )
  expect(await home.json('query', `[${questions.map(({ text }) => text).join(', ')}]`)).toEqual(questions.map(({ want }) => want))
  for (const time of written(BASE)) {
    const since = await here(home).json('session', 'list', '--since', time, '--json')
    expect(await home.json('session', 'list', '--where', `created_at >= "${time}"`, '--json')).toEqual(since)
    expect(await here(home).json('session', 'list', '--before', time, '--json')).toEqual(
      await home.json('session', 'list', '--where', `created_at < "${time}"`, '--json'),
    )
    expect(since.length).toBe(
      Math.min(
        10,
        count((ms) => ms >= BASE),
      ),
    )
  }
})

test('other texts that look like times stay as they are', async () => {
  const home = makeHome()
  await seed(home, sample(1, { metadata: { tags: [], due: '2024-01-15T10:30:00Z' } }))
  expect(await home.json('query', '$count(sessions[metadata.due = "2024-01-15T10:30:00Z"])')).toBe(1)
  expect(await home.json('query', '["2024-01-15T10:30:00Z", "2024-01-15T10:30:00Z" = "2024-01-15T10:30:00Z"]')).toEqual([
    '2024-01-15T10:30:00Z',
    true,
  ])
})
