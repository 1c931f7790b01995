import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchCounter } from '../../plugins/search/count-matches.ts'
import { toFts } from '../../plugins/search/fts-query.ts'
import { prepare } from '../../plugins/search/prepare.ts'
import { parseQuery } from '../../plugins/search/query.ts'
import { openFile } from '../helpers/database.ts'
import { rounds } from '../helpers/thin.ts'

/** A query in short: `|` between what one of is enough, `-` before what must not be there, `*` after the beginning of a word. */
function short(text: string) {
  const { all, none, filters } = parseQuery(text)
  const term = ({ words, prefix }: { words: string[]; prefix: boolean }) => words.join('+') + (prefix ? '*' : '')
  return [
    ...all.map((terms) => terms.map(term).join('|')),
    ...none.map((each) => `-${term(each)}`),
    ...filters.map(({ name, value }) => `${name}=${value}`),
  ].join(' ')
}

test.each([
  ['JWT authentication', 'jwt authentication'],
  ['"JWT authentication"', 'jwt+authentication'],
  ['“smart quotes” here', 'smart+quotes here'],
  ['a OR b c', 'a|b c'],
  ['a OR "b c" OR d', 'a|b+c|d'],
  ['OR', 'or'],
  ['a OR', 'a'],
  ['a AND b', 'a b'],
  ['AND b', 'and b'],
  ['NOT', 'not'],
  ['a NOT b', 'a -b'],
  ['a -b -"c d"', 'a -b -c+d'],
  ['-b', 'b'],
  ['tag:go -b', '-b tag=go'],
  ['--verbose', 'verbose'],
  ['rest-api', 'rest+api'],
  ['prefix*', 'prefix*'],
  ['*', ''],
  ['foo(bar', 'foo+bar'],
  ['"open', 'open'],
  ['C++', 'c⁺⁺'],
  ['a:b', 'a+b'],
  ['std::vector', 'std+vector'],
  ['title:"Rest API" tag:go role:user word', 'word title=Rest API tag=go role=user'],
  ['title:', 'title'],
  ['since:2024-01-01 x', 'x since=2024-01-01'],
  ['550e8400-e29b-41d4-a716-446655440000', '550e8400+e29b+41d4+a716+446655440000'],
  ['/home/me/a.txt', 'home+me+a+txt'],
  ['認', '認*'],
  ['認証の', '認証+証の'],
  ['🎉', '🎉'],
  ['v1.2.3', 'v1·2·3'],
])('%s is %s', (text, expected) => {
  expect(short(text)).toBe(expected)
})

test('every text is a query that FTS5 takes', () => {
  const db = openFile(':memory:')
  db.exec("create virtual table f using fts5(t, content='', detail=none, tokenize='ascii')")
  const find = db.prepare('select rowid from f where f match ?')
  const syntax = fc.constantFrom(
    '"',
    "'",
    '(',
    ')',
    '*',
    ':',
    '-',
    'OR',
    'AND',
    'NOT',
    'NEAR(',
    '^',
    '+',
    'title:',
    ' ',
    '{',
    '\0',
    'é',
    '認',
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(syntax, fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('a', 'b')), { maxLength: 12 }),
      (pieces) => {
        const query = parseQuery(pieces.join(''))
        if (query.all.length > 0) find.all(toFts(query).fts)
      },
    ),
    { numRuns: rounds(1000) },
  )
  const long = parseQuery(Array.from({ length: 5000 }, (_, i) => `w${i}`).join(' '))
  find.all(toFts(long).fts)
  expect(long.omitted).toBe(5000 - 48)
  find.all(toFts(parseQuery('x'.repeat(1_000_000))).fts)
  find.all(toFts(parseQuery(Array.from({ length: 1000 }, () => 'a').join(' OR '))).fts)
  db.close()
})

test.each([
  ['failing test', 'a test that is failing', [1, 1]],
  ['"failing test"', 'a test that is failing', undefined],
  ['"failing test"', 'Failing\n\ntests: failing test', [1]],
  ['user', 'getUserById and user', [2]],
  ['"call user"', 'call getUserById', undefined],
  ['"client api"', 'openClient and apiServer', undefined],
  ['"user by id"', 'getUserById', [1]],
  ['認', '再認証', [1]],
  ['認証', '再認証する', [1]],
  ['a -"b c"', 'a b c', undefined],
  ['a -"b c"', 'a c b', [1]],
])('%s in %j: %j', (query, text, expected) => {
  expect(matchCounter(parseQuery(query))(prepare(text))).toEqual(expected)
})
