import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpen, joinLines, quoteWord, splitWords } from '../../../core/command/words.ts'

test.each([
  ['session list', ['session', 'list']],
  ['  a\tb ', ['a', 'b']],
  [`tag x 'a b' "c d"`, ['tag', 'x', 'a b', 'c d']],
  [`'{"a":1}' a=b 007`, ['{"a":1}', 'a=b', '007']],
  ['"\\$5 \\"x\\" \\n"', ['$5 "x" \\n']],
  ['a\\ b \'\' ""', ['a b', '', '']],
  ['', []],
])('%j', (line, words) => {
  expect(splitWords(line)).toEqual(words)
})

test('an unclosed quote is wrong usage, and continues on the next line', () => {
  expect(() => splitWords("rename 'x")).toThrow(expect.objectContaining({ exit: 2 }))
  expect([isOpen("rename 'x"), isOpen('a \\'), isOpen('a b')]).toEqual([true, true, false])
  expect([joinLines("'a", "b'"), joinLines('a \\', 'b')]).toEqual(["'a\nb'", 'a b'])
})

test('any words survive quoting and splitting', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      expect(splitWords(words.map(quoteWord).join(' '))).toEqual(words)
    }),
  )
})
