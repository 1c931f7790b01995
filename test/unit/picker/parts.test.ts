import type { Session } from 'ainative-code'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureAny } from '../../../core/output/width.ts'
import { type Entry, rankOf } from '../../../plugins/picker/entry.ts'
import { startFilter } from '../../../plugins/picker/filter.ts'
import { actionOf } from '../../../plugins/picker/keys.ts'
import { createList } from '../../../plugins/picker/list.ts'
import { erase } from '../../../plugins/picker/query.ts'
import { wrap } from '../../../plugins/picker/wrap.ts'
import { fold } from '../../../plugins/search/fold.ts'

const measure = await measureAny()
const widthOf = (text: string) => measure(text, Number.MAX_SAFE_INTEGER).width

test('a text is wrapped without loss, and no line is too wide', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '\n', '数', '😀', 'e\u0301') })
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 12 }), (given, width) => {
      const lines = wrap(given, width, 1000, measure)
      expect(lines.join('').replace(/\s/g, '')).toBe(given.replace(/\s/g, ''))
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
    }),
  )
})

test.each([
  ['one two three', 8, 9, ['one two', 'three']],
  ['one\n\ntwo', 8, 9, ['one', '', 'two']],
  ['abcdefghij', 4, 9, ['abcd', 'efgh', 'ij']],
  ['数据库连接', 4, 9, ['数据', '库连', '接']],
  ['one two three', 3, 2, ['one', 'two']],
])('%j is wrapped to %d columns', (text, width, height, lines) => {
  expect(wrap(text, width, height, measure)).toEqual(lines)
})

test('a title is ranked by where it has the words', () => {
  const rank = (title: string, query: string) => rankOf(fold(title), fold(query).split(' '), fold(query))
  expect(rank('JWT tokens', 'jwt t')).toBe(0)
  expect(rank('Tokens of a JWT', 'jwt tok')).toBe(1)
  expect(rank('My ajwt-tokens', 'jwt tok')).toBe(2)
  expect(rank('Über Café', 'cafe uber')).toBe(1)
  expect(rank('JWT', 'jwt tokens')).toBe(undefined)
})

test('entries that come later are compared too, and the best ranks come first', async () => {
  const entry = (title: string): Entry => ({
    ...{ id: title, title, key: fold(title), project: undefined, created_at: '', messages: 0, tags: [], pinned: false },
  })
  const entries = ['the end', 'spend'].map(entry)
  await new Promise<void>((resolve) => {
    const filter = startFilter(entries, 'end', undefined, () => {
      if (!filter.isDone()) return
      if (entries.length === 3) {
        expect(filter.matches().map(({ id }) => id)).toEqual(['end to end', 'the end', 'spend'])
        return resolve()
      }
      entries.push(entry('end to end'))
      filter.resume()
    })
  })
})

test('a longer query is compared with fewer entries, a shorter one with all', async () => {
  const list = createList(
    async () => [],
    () => undefined,
  )
  const session = (title: string, project?: string) =>
    ({ id: title, title, metadata: { project }, created_at: '', message_count: 0, tags: [] }) as unknown as Session
  list.add(['ab', 'abc', 'b', 'c'].map((title) => session(title, title === 'abc' ? 'p' : undefined)))
  list.complete()
  const found = async (query: string, project?: string) => {
    list.search(query, project)
    await list.titlesCompared()
    return list.rows().map(({ id }) => id)
  }
  expect(await found('')).toEqual(['ab', 'abc', 'b', 'c'])
  expect(await found('a')).toEqual(['ab', 'abc'])
  expect(await found('ab')).toEqual(['ab', 'abc'])
  expect(await found('ab c')).toEqual(['abc'])
  expect(await found('b')).toEqual(['b', 'ab', 'abc'])
  expect(await found('b', 'p')).toEqual(['abc'])
  expect(await found('b')).toEqual(['b', 'ab', 'abc'])
  list.stop()
})

test('keys that have no meaning do nothing', () => {
  const of = (key: object) => actionOf({ kind: 'key', key })
  expect([of({ name: 'f1' }), of({ name: 'a', meta: true }), of({ name: '__proto__' }), of({}), of({ name: 'z', ctrl: true })]).toEqual(
    Array(5).fill(undefined),
  )
  expect(of({ name: 'tab', shift: true })).toEqual({ do: 'mark', step: -1 })
})

test('a query loses a character, a word or all', () => {
  expect([erase('ab 😀', 'character'), erase('one two ', 'word'), erase('one two', 'all'), erase('', 'word')]).toEqual([
    'ab ',
    'one ',
    '',
    '',
  ])
})
