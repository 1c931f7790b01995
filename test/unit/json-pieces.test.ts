import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonPieces } from '../../core/output/json-pieces.ts'
import { rounds } from '../helpers/thin.ts'

const joined = (value: unknown) => [...jsonPieces(value)].join('')

/** Makes of a value one that is too large to be written in one go. */
const GROWN = [
  (value: unknown) => value,
  (value: unknown) => Array.from({ length: 5000 }, () => value),
  (value: unknown) => [[value, Array.from({ length: 5000 }, (_, i) => (i % 3 ? value : i)), 'x'.repeat(3_000_000)], value],
  (value: unknown) => ({ a: value, b: Array.from({ length: 3000 }, (_, i) => ({ i, value })), c: undefined, 'd"': [] }),
  (value: unknown) => Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key ${i}`, i % 2 ? value : { [`${i}`]: value }])),
]

test('the pieces together are what JSON.stringify writes', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(undefined, Number.NaN, new Date(0), Object.create(null), () => 1, 'line\nline', '\ud83d'),
  )
  fc.assert(
    fc.property(value, fc.constantFrom(...GROWN), (small, grow) => {
      const grown = grow(small)
      expect(joined(grown)).toBe(JSON.stringify(grown, null, 2) ?? 'null')
    }),
    { numRuns: rounds(60) },
  )
})

test('a piece is a small part of a large value', () => {
  const pieces = [...jsonPieces({ rows: Array.from({ length: 200_000 }, (_, id) => ({ id, tags: ['a', 'b'] })) })]
  expect(pieces.length).toBeGreaterThan(300)
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(200_000)
})

test('a value that holds itself is refused, large or small', () => {
  const value: unknown[] = Array.from({ length: 5000 }, (_, i) => i)
  value.push({ value })
  expect(() => joined(value)).toThrow('it contains itself')
  const small: Record<string, unknown> = {}
  small.small = small
  expect(() => joined(small)).toThrow('it contains itself')
})
