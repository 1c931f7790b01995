import fc from 'fast-check'
import truncatedWidth from 'fast-string-truncated-width'
import { expect, test } from 'vitest'
import { isPlain, measurePlain } from '../../core/width.ts'

const widthOf = (text: string) => truncatedWidth(text, { limit: Number.MAX_SAFE_INTEGER }).width

test('each plain character is as wide as the library has it', () => {
  const plain = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isPlain)
  expect(plain.length).toBeGreaterThan(30_000)
  expect(plain.filter((char) => measurePlain(char, 10).width !== widthOf(char))).toEqual([])
})

test('marks, emoji, half-width and joined characters are left to the library', () => {
  for (const text of ['e\u0301', '👩‍👩‍👧', 'ｱ', 'か\u3099', '©\ufe0f', '\u00ad', 'שלום', '\ud83d']) expect(isPlain(text)).toBe(false)
})

test('a cut text and its ellipsis fill no more than the limit, and one more character would not fit', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', 'Ж', '日', 'ア', '한', '。', ' '), maxLength: 20 })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (given, limit) => {
      const { width, index } = measurePlain(given, limit)
      expect(width).toBe(widthOf(given.slice(0, index)))
      if (index === given.length) expect(width).toBeLessThanOrEqual(limit)
      else {
        expect(widthOf(given)).toBeGreaterThan(limit)
        expect(width + 1).toBeLessThanOrEqual(limit)
        expect(widthOf(given.slice(0, index + 1)) + 1).toBeGreaterThan(limit)
      }
    }),
  )
})
