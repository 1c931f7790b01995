import { expect, test } from 'vitest'
import { parseTimeSpan, utcTime } from '../../../core/session/dates.ts'

const NOW = Date.UTC(2024, 2, 15, 12)
const DAY = 86_400_000

test.each([
  ['30d', NOW - 30 * DAY],
  ['12h', NOW - DAY / 2],
  ['2w', NOW - 14 * DAY],
  ['2024-01-15T10:00:00Z', Date.UTC(2024, 0, 15, 10)],
  ['2024-01-15 10:00:00+02:00', Date.UTC(2024, 0, 15, 8)],
  ['2024-01-15T10:00:00.250Z', Date.UTC(2024, 0, 15, 10, 0, 0, 250)],
])('%s is one instant', (text, from) => {
  expect(parseTimeSpan(text, NOW)).toEqual({ from, end: from + 1 })
})

test('a date is a whole local day', () => {
  const from = new Date(2024, 0, 15).getTime()
  expect(parseTimeSpan('2024-01-15', NOW)).toEqual({ from, end: new Date(2024, 0, 16).getTime() })
})

test.each(['', 'soon', '2024-13-01', '2024-02-30', '15.01.2024', '5m', '1e3d'])('%j is no date', (text) => {
  expect(parseTimeSpan(text, NOW)).toBeUndefined()
})

test('a time without a zone is UTC in an import', () => {
  expect(utcTime('2024-01-15T10:00:00')).toBe(Date.UTC(2024, 0, 15, 10))
  expect(utcTime('nonsense')).toBeUndefined()
})
