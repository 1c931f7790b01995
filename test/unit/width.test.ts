import fc from 'fast-check'
import { eastAsianWidth } from 'get-east-asian-width'
import { expect, test } from 'vitest'
import { isPlain, measureAny, measurePlain } from '../../core/output/width.ts'

const measure = await measureAny()
const widthOf = (text: string) => measure(text, Number.MAX_SAFE_INTEGER).width

test('each plain character is as wide as Unicode has it', () => {
  const plain = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(isPlain)
  expect(plain.length).toBeGreaterThan(30_000)
  expect(plain.filter((char) => measurePlain(char, 10).width !== eastAsianWidth(char.codePointAt(0) as number))).toEqual([])
  expect(plain.filter((char) => widthOf(char) !== measurePlain(char, 10).width)).toEqual([])
})

test('frequent emoji and punctuation are plain, and are never cut in two', () => {
  const text = 'It’s “done” – 🚀🔒✨…'
  expect(isPlain(text)).toBe(true)
  for (let limit = 1; limit <= 24; limit++) expect(measurePlain(text, limit)).toEqual(measure(text, limit))
})

test('marks, joined emoji, other emoji, half-width and joined characters are not plain', () => {
  for (const text of ['e\u0301', '👩‍👩‍👧', 'ｱ', 'か\u3099', '©\ufe0f', '\u00ad', 'שלום', '\ud83d', '👍🏽', '⚡\ufe0e', '🇩🇪', '❤'])
    expect(isPlain(text)).toBe(false)
})

/** The columns that a terminal moves its cursor by, if it shows an emoji sequence as one character. */
test.each([
  ['conjoining Jamo', '\u1112\u1161\u11ab\u1100\u1161', 4],
  ['a zero-width space', 'a\u200bb', 2],
  ['a joiner and a non-joiner', 'a\u200db\u200cc', 3],
  ['a byte order mark', '\ufefftitle', 5],
  ['marks of direction', 'a\u200e\u200fb', 2],
  ['a combining mark', 'e\u0301\u0323', 1],
  ['a combining mark alone', '\u0301', 0],
  ['a soft hyphen', 'a\u00adb', 3],
  ['kana with a voice mark', 'か\u3099', 2],
  ['half-width kana with a voice mark', 'ｶﾞ', 2],
  ['an emoji', '😀', 2],
  ['a sign in text style', '❤', 1],
  ['a sign in emoji style', '❤\ufe0f', 2],
  ['an emoji in text style', '⌚\ufe0e', 2],
  ['a variation of a letter', '葛\u{e0100}', 2],
  ['a keycap', '1\ufe0f\u20e3#\ufe0f\u20e3', 4],
  ['a flag', '🇩🇪🇫🇷', 4],
  ['half a flag', '🇩🇪🇫', 3],
  ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}', 2],
  ['a colour of skin', '👍🏽', 2],
  ['a colour of skin alone', 'a🏽', 3],
  ['a family', '👨‍👩‍👧‍👦', 2],
  ['a heart on fire', '❤\ufe0f‍🔥', 2],
  ['Devanagari', 'हिन्दी', 5],
  ['Thai', 'น้ำ', 2],
  ['ambiguous characters', '…—“α', 4],
  ['a lone surrogate', '\ud83d', 1],
])('%s has its width', (_, text, width) => {
  expect(widthOf(text)).toBe(width)
  expect(widthOf(`x${text} y`)).toBe(width + 3)
})

const UNITS = [
  'a',
  'é',
  'Ж',
  '日',
  '한',
  '。',
  ' ',
  'e\u0301',
  '\u200b',
  '🇩🇪',
  '👍🏽',
  '👨‍👩‍👧',
  '❤\ufe0f',
  '1\ufe0f\u20e3',
  '\u1112\u1161\u11ab',
  '\ud83d',
  '…',
]

test('a cut text and its ellipsis fill no more than the limit, and one unit more would not fit', () => {
  const units = fc.array(fc.constantFrom(...UNITS), { maxLength: 20 })
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 20 }), (given, limit) => {
      const text = given.join(' ')
      const { width, index } = measure(text, limit)
      expect(width).toBe(widthOf(text.slice(0, index)))
      if (index === text.length) {
        expect(width).toBeLessThanOrEqual(limit)
        return
      }
      expect(widthOf(text)).toBeGreaterThan(limit)
      expect(width + 1).toBeLessThanOrEqual(limit)
      const rest = new Intl.Segmenter().segment(text.slice(index))[Symbol.iterator]().next().value?.segment ?? ''
      expect(width + widthOf(rest) + 1).toBeGreaterThan(limit)
    }),
  )
})

test('a text is never cut within what a terminal shows as one character', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...UNITS), { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (given, limit) => {
      const text = given.join(' ')
      const { index } = measure(text, limit)
      const starts = Array.from(new Intl.Segmenter().segment(text), (segment) => segment.index)
      expect([...starts, text.length]).toContain(index)
    }),
  )
})

test('a text of a million characters is measured whole', () => {
  const texts = ['a', '…', 'e\u0301', '👨‍👩‍👧', '\u0301', '🇩'].map((unit) => unit.repeat(200_000))
  expect(texts.map(widthOf)).toEqual([200_000, 200_000, 200_000, 400_000, 0, 200_000])
})
