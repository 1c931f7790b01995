import { expect, test } from 'vitest'
import { createJsonb } from '../../plugins/zerodb/sync/jsonb.ts'

const read = (jsonb: Buffer) => [jsonb[0], JSON.parse(jsonb.subarray(1).toString())]

test('a jsonb parameter has a byte 1 and the JSON as UTF-8', () => {
  const toJsonb = createJsonb(1)
  const value = [{ text: 'ü 🎉 \u0000 \ud800', none: null }]
  expect(read(toJsonb(value))).toEqual([1, value])
})

test('the last parameters stay as they are, whatever their lengths', () => {
  const toJsonb = createJsonb(3)
  const lengths = [10, 1000, 1, 5000, 0, 20, 4000, 300, 2, 9000, 1]
  const made: { value: string; jsonb: Buffer }[] = []
  for (const [i, length] of lengths.entries()) {
    const value = `${i}`.repeat(length)
    made.push({ value, jsonb: toJsonb(value) })
    for (const each of made.slice(-3)) expect(read(each.jsonb)).toEqual([1, each.value])
  }
  expect(new Set(made.map(({ jsonb }) => jsonb.buffer)).size).toBeLessThan(made.length)
})
