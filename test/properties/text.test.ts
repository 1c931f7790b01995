import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { quoted, type SessionFile, sample, script, seed, talk } from '../helpers/seed.ts'
import { LONG } from '../helpers/thin.ts'

/** Any string that JavaScript holds: any code unit, and often those that break things. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom(
    '\0',
    '\r\n',
    '\n',
    '\ud83d',
    '\ude80',
    '🚀',
    '\ufeff',
    '\ufffd',
    '\ufffe',
    '\u2028',
    '\u0085',
    '"',
    '\\',
    "'",
    '{',
    ']',
    ',',
    '\x1b[31m',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
)
const text = fc.string({ unit, maxLength: 40 })
const title = text.filter((each) => each.trim() !== '')

const session = fc.record({
  title,
  provider: fc.option(text),
  model: fc.option(text),
  metadata: fc.record({ tags: fc.uniqueArray(text, { maxLength: 3 }), key: text, project: text }),
  note: text,
  contents: fc.array(text, { maxLength: 4 }),
})
const asFile = ({ contents, ...fields }: { contents: string[] }, i: number): SessionFile => {
  const messages = talk(...contents).map((message, j) => ({ ...message, id: `m${j}`, name: contents[j] }))
  return sample(i + 1, { ...fields, messages })
}

describe('any JavaScript string', () => {
  test('survives import, export, import and export as title, content and every other text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(session, { minLength: 40, maxLength: 80 }), async (generated) => {
        const [home, other] = [makeHome(), makeHome()]
        const sessions = generated.map(asFile)
        await seed(home, ...sessions)
        await home.ok('session', 'export', '--all', '-o', 'all.json')
        expect(JSON.parse(home.read('all.json'))).toEqual(sessions)
        await other.ok('session', 'import', '-i', home.path('all.json'))
        expect(await here(other).ok('session', 'export', '--all', '-o', '-')).toBe(home.read('all.json'))
      }),
      { numRuns: LONG ? 8 : 2, endOnFailure: true },
    )
  })

  test('survives as 2 MB in one message', async () => {
    const home = makeHome()
    const long = '0123456789\0\r\n🚀\ud800 é'.repeat(100_000)
    await seed(home, sample(1, { messages: talk(long, 'after') }))
    const { messages } = JSON.parse(await home.ok('session', 'export', 'sample000001', '-o', '-'))
    expect(messages.map((each: { content: string }) => each.content === long)).toEqual([true, false])
  })

  test('is found by a tag, a project or a title of it', async () => {
    const home = makeHome()
    const odd = ['\ud800 lone', 'Ünï', '🚀', 'a\u0301', 'ﬀ']
    await seed(home, ...odd.map((each, i) => sample(i + 1, { title: each, metadata: { tags: [each], project: each } })))
    const words = odd.slice(1)
    const counts = await Promise.all(
      words.flatMap((word) =>
        ['--tag', '--project', '--search'].map(
          async (flag) => (await (flag === '--tag' ? home : here(home)).json('session', 'list', flag, word, '--json')).length,
        ),
      ),
    )
    expect(counts).toEqual(counts.map(() => 1))
  })
})

const odd = [
  '007',
  '1e5',
  'a=b',
  '{"a":1}',
  '-5',
  '--',
  '-',
  'true',
  'null',
  "it's",
  '"quoted"',
  'a\\b',
  '$HOME',
  '`id`',
  'a|b',
  '#no',
  'é🚀',
  '[1]',
  '*',
  '~',
  '!x',
  '%s',
]
/** What a line at the prompt can hold; a NUL cannot be in argv, and a lone surrogate is in no UTF-8. */
const word = fc
  .string({
    unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom(...'\'"\\$`!#&|;<>(){}[]*?~=% \t')),
    maxLength: 20,
  })
  .filter((each) => each.trim() !== '' && !/[\0\r\n]/.test(each))

describe('any word typed', () => {
  test('is the title that was typed, as an argument and at the prompt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 40, maxLength: 40 }), async (generated) => {
        const home = makeHome()
        const words = [...odd, ...generated]
        await seed(home, sample(1))
        const { code, stdout, stderr } = await script(
          home,
          ...words.flatMap((each) => [`session rename sample000001 -- ${quoted(each)}`, 'query sessions.title']),
        )
        expect([code, stderr]).toEqual([0, ''])
        const shown = stdout.split('\n').filter((line) => line.startsWith('"'))
        expect(shown.map((line) => JSON.parse(line))).toEqual(words)
        const typed = words.slice(-8)
        const made = await Promise.all(typed.map((each) => home.json('session', 'create', `--title=${each}`, '--json')))
        expect(made.map((row) => row.title)).toEqual(typed)
      }),
      { numRuns: LONG ? 3 : 1, endOnFailure: true },
    )
  })

  test('is the tag, key and value that was typed', async () => {
    const home = makeHome()
    await seed(home, sample(1), sample(2))
    const words = odd.map(quoted).join(' ')
    await home.ok('session', 'tag', 'sample000001', '--', ...odd)
    const { stderr } = await script(
      home,
      `session tag sample000002 -- ${words}`,
      ...odd.map((each) => `session meta sample000002 -- ${quoted(`key ${each}`)} ${quoted(each)}`),
    )
    expect(stderr).toBe('')
    const [second, first] = await here(home).json('session', 'list', '--json')
    expect([first.tags, second.tags]).toEqual([odd, odd])
    expect(second.metadata).toEqual(Object.fromEntries(odd.map((each) => [`key ${each}`, each])))
  })
})
