import { expect, test } from 'vitest'
import { bar, sparkline } from '../../../plugins/stats/bars.ts'
import { streaksOf } from '../../../plugins/stats/days.ts'
import { duration, responseTime } from '../../../plugins/stats/text.ts'

test.each([
  [null, 'unknown'],
  [0, '0s'],
  [999, '0s'],
  [45_000, '45s'],
  [60_000, '1m'],
  [61_999, '1m 1s'],
  [8_100_000, '2h 15m'],
  [7_200_000, '2h'],
  [3_600_000 + 5_000, '1h'],
  [86_400_000 * 400 + 3_600_000 * 3, '400d 3h'],
])('%j ms last %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test.each([
  [null, 'unknown'],
  [0, '0.0s'],
  [0.2, '1ms'],
  [85, '85ms'],
  [100, '0.1s'],
  [850, '0.9s'],
  [3200, '3.2s'],
  [59_949, '59.9s'],
  [59_950, '1m'],
  [90_000, '1m 30s'],
])('%j ms are an answer after %s', (ms, text) => {
  expect(responseTime(ms)).toBe(text)
})

test('a bar is as long as its share, and visible above zero', () => {
  expect([0, 1, 50, 100].map((value) => bar(value, 100, 4))).toEqual(['', '▏', '██', '████'])
  expect(bar(5, 0, 4)).toBe('')
})

test('a sparkline has a column for each value', () => {
  expect(sparkline([0, 1, 7, 14])).toBe('▁▂▅█')
  expect(sparkline([0, 0])).toBe('▁▁')
})

test('streaks are runs of days', () => {
  const days = (...numbers: number[]) => new Map(numbers.map((day) => [day, 1]))
  expect(streaksOf(days(), 5)).toEqual({ longest: 0, current: 0 })
  expect(streaksOf(days(5), 5)).toEqual({ longest: 1, current: 1 })
  expect(streaksOf(days(4, 3, 9, 8, 7), 10)).toEqual({ longest: 3, current: 3 })
  expect(streaksOf(days(4, 3, 9, 8, 7), 11)).toEqual({ longest: 3, current: 0 })
})
