import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCommon } from '../../plugins/search/common-characters.ts'
import { fold } from '../../plugins/search/fold.ts'
import { prepare, replaceSigns } from '../../plugins/search/prepare.ts'
import { tokens } from '../../plugins/search/tokens.ts'
import { openFile } from '../helpers/database.ts'
import { rounds, thin } from '../helpers/thin.ts'

const words = (text: string) => [...tokens(text)].filter(({ part }) => !part).map(({ word }) => word)
const parts = (text: string) => [...tokens(text)].filter(({ part }) => part).map(({ word }) => word)

test.each([
  ['Hello, World', ['hello', 'world']],
  ['naïve Ünder ΟΔΟΣ Straße İstanbul', ['naive', 'under', 'οδοσ', 'strasse', 'istanbul']],
  ['jwt.sign std::vector snake_case rest-api', ['jwt', 'sign', 'std', 'vector', 'snake', 'case', 'rest', 'api']],
  ['3.5 v1.2.3 10.0.0.1. x.5', ['3.5', 'v1.2.3', '10.0.0.1', 'x', '5']],
  ['C++ C# i++ #1', ['c++', 'c#', 'i++', '1']],
  ['認証のJWT 版3.5版', ['認証', '証の', 'の', 'jwt', '版', '3.5', '版']],
  ['ภาษา', ['ภา', 'าษ', 'ษา', 'า']],
  ['한국어', ['한국', '국어', '어']],
  ['ok 🎉!', ['ok', '🎉']],
  ['ﬁle ＡＢＣ ｶﾞ', ['file', 'abc', 'ガ']],
  ['\0a\ud800b', ['a', 'b']],
  ['⚠️Warning ❤️love 1️⃣First', ['⚠', 'warning', '❤', 'love', '1', 'first']],
  ['auth\u00adentic', ['authentic']],
  ['ﷺ ⑴foo', ['صلى', 'الله', 'عليه', 'وسلم', '1', 'foo']],
  ['C++17 Python3.11 1.5GB', ['c++', '17', 'python3', '11', '1', '5gb']],
  ['', []],
])('the words of %j', (text, expected) => {
  expect(words(text)).toEqual(expected)
})

test.each([
  ['getUserById HTTPServer v1.2.3 C++', ['get', 'user', 'by', 'id', 'http', 'server', '1.2.3', 'c']],
  ['plain words only', []],
  ['C++17 Python3.11 1.5GB', ['c', '3.11', '5', 'gb', '1.5']],
])('the parts of words in %j', (text, expected) => {
  expect(parts(text)).toEqual(expected)
})

test('a token tells where it stands in the text', () => {
  const text = 'Ein naïves «getUser» 認証の v1.2'
  for (const { word, start, end } of tokens(text)) expect(words(text.slice(start, end))[0]?.startsWith(word.slice(0, 1))).toBe(true)
  expect([...tokens(text)].map(({ start, end }) => text.slice(start, end))).toEqual([
    'Ein',
    'naïves',
    'getUser',
    'get',
    'User',
    '認証',
    '証の',
    'の',
    'v1.2',
    '1.2',
  ])
})

/** What a text is to FTS5, in order. */
function indexed(text: string): string[] {
  const db = openFile(':memory:')
  db.exec("create virtual table f using fts5(t, tokenize='ascii'); create virtual table v using fts5vocab(f, 'instance')")
  db.prepare('insert into f values (?)').run(prepare(text))
  const rows = db.prepare('select term from v order by offset').pluck().all() as string[]
  db.close()
  return rows
}

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    'getUserById',
    '3.5',
    'v1.2.3',
    'C++',
    'C#',
    'naïve',
    '認証の',
    'ภาษา',
    '한국어',
    '.',
    ' ',
    '_',
    'é',
    'ß',
    'Σ',
    '🎉',
    '٣',
    'A'.repeat(70),
  ),
)

test('the index holds the words of the text, and their parts after them', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      const all = [...tokens(text)]
      const own = all.flatMap(({ word, part }, i) => (part ? [...(all[i - 1]?.part ? [] : ['¶']), replaceSigns(word)] : []))
      expect(indexed(text)).toEqual([...words(text).map(replaceSigns), ...own])
    }),
    { numRuns: rounds(500) },
  )
})

/** A text of a script without patterns of its own. */
const OTHER = '\nภ'
const beside = (text: string) => [...tokens(text + OTHER)].slice(0, -1)

test('ASCII text and frequent characters have the same words by themselves as beside other text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', 'B', 'v', '1', '.', '+', '#', '_', ' '), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'aB1é½µßÀςΆйЁ認のガー한🎉©'.normalize('NFC'), '.', '+', '‘', '。'), maxLength: 12 }),
  )
  fc.assert(
    fc.property(text, (text) => {
      expect([...tokens(text)]).toEqual(beside(text))
    }),
    { numRuns: rounds(3000) },
  )
})

test('each frequent character has the class that Unicode gives it', () => {
  // Of the many letters of Han and Hangul, every fiftieth.
  for (let code = 0x80; code < 0x1f700; code += code >= 0x4e00 && code < 0xd7a3 ? 50 : 1) {
    const character = String.fromCodePoint(code)
    if (!isCommon(character)) continue
    const text = `a${character}Bc ${character}a C${character}`
    const marked = `${text}\u0301`
    if (JSON.stringify([...tokens(text)]) !== JSON.stringify(beside(text))) expect.fail(`tokens with U+${code.toString(16)}`)
    if (fold(marked) + OTHER !== fold(marked + OTHER)) expect.fail(`fold of U+${code.toString(16)}`)
  }
})

test.each(thin(3, ['é', '1.', '𝒳']))('a word of 8 million characters of %s does not overflow the stack', (piece) => {
  const text = piece.repeat(8_000_000 / piece.length)
  let count = 0
  let last = 0
  for (const { start, end } of tokens(text)) {
    expect(end).toBeGreaterThan(start)
    last = end
    if (++count === 1000) break
  }
  expect(last).toBeGreaterThan(0)
  expect(prepare(text).length).toBeGreaterThan(0)
})

test('a long text has the same words as its lines', () => {
  const line = 'Naïve getUserById v1.2.3 C++ 東京 x'
  const lines = Array(10_000).fill(line)
  const [words] = [[...tokens(line)].map(({ word }) => word)]
  const long = lines.join('\n')
  let at = 0
  for (const { word, start, end } of tokens(long)) {
    if (word !== words[at++ % words.length]) throw new Error(`${word} at ${start}-${end}`)
  }
  expect(at).toBe(words.length * lines.length)
})
