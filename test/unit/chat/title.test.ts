import fc from 'fast-check'
import stringWidth from 'fast-string-truncated-width'
import { expect, test } from 'vitest'
import { titleOf } from '../../../plugins/chat/title.ts'
import { rounds } from '../../helpers/thin.ts'

const FAMILY = '👨‍👩‍👧‍👦'

test.each([
  ['How do I implement OAuth 2.0 in Go?', 'How do I implement OAuth 2.0 in Go?'],
  ['Fix this. Then tell me why it broke.', 'Fix this.'],
  ['Mr. Smith asks about e.g. tokens', 'Mr. Smith asks about e.g. tokens'],
  ['  First line  \n\nSecond', 'First line'],
  ['one\ttwo   three', 'one two three'],
  ['これは長い文です。次の文。', 'これは長い文です。'],
  ['x'.repeat(500), `${'x'.repeat(59)}…`],
  [`${'word '.repeat(20)}`, `${'word '.repeat(12).trim()}…`],
  [FAMILY.repeat(40), `${FAMILY.repeat(29)}…`],
  ['   ', 'New chat'],
  ['\u0000\u0007', 'New chat'],
  ['\u200b\u200b\nHello there', 'Hello there'],
  ['\u0007\u0000\nHi', 'Hi'],
  ['1. Do this. Then that.', 'Do this.'],
  ['# Fix the bug. Now', 'Fix the bug.'],
  ['- [an item](x)', '[an item](x)'],
  ['> > quoted', 'quoted'],
  ['---', '---'],
  ['```js\nlet x = 1\n```\n\nWhat is wrong here?', 'What is wrong here?'],
  ['```js\nlet x = 1\n```', 'let x = 1'],
  ['```', 'New chat'],
  ['```npm i``` does what? Tell', '```npm i``` does what?'],
  [`a ${'x'.repeat(200)}`, `a ${'x'.repeat(57)}…`],
  [`a ${'漢字'.repeat(100)}`, `a ${'漢字'.repeat(14)}…`],
  [
    'ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีนและออกเสียงแยกคำต่อคำ',
    'ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีน…',
  ],
])('%j is called %j', async (message, title) => expect(await titleOf(message)).toBe(title))

const graphemes = (text: string) => [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)

test('a title fits 60 columns, is never blank, and cuts no grapheme', async () => {
  const messages = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(FAMILY, '🇩🇪', 'é', 'กำ', '漢字', 'word', ' ', '. ', '\n'), { maxLength: 80 }).map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      const title = await titleOf(message)
      expect(title.trim()).not.toBe('')
      expect(stringWidth(title, { limit: 1000 }).width).toBeLessThanOrEqual(60)
      if (!title.endsWith('…') || message.includes('…')) return
      const marked = (text: string) => graphemes(text).join('\u0000')
      const lines = message.split(/[\r\n]+/).map((line) => marked(line.toWellFormed().replace(/[\p{Cc}\s]+/gu, ' ')))
      expect(lines).toContainEqual(expect.stringContaining(marked(title.slice(0, -1))))
    }),
    { numRuns: rounds(300) },
  )
})
