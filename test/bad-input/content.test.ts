import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'

const session = (id: string, title: string, more: object = {}) => ({
  id,
  title,
  created_at: '2024-01-01T00:00:00Z',
  updated_at: '2024-01-01T00:00:00Z',
  messages: [{ role: 'user', content: 'hi', timestamp: '2024-01-01T00:00:00Z' }],
  ...more,
})

async function holding(...sessions: object[]): Promise<Home> {
  const home = makeHome()
  await here(home).ok('session', 'import', '-i', home.write('in.json', JSON.stringify(sessions)))
  return home
}

/** Exports all, imports that into a new home and exports it again. */
async function thereAndBack(home: Home): Promise<[string, string]> {
  await home.ok('session', 'export', '--all', '-o', home.path('out.json'))
  const other = here(makeHome())
  await other.ok('session', 'import', '-i', home.path('out.json'))
  await other.ok('session', 'export', '--all', '-o', other.path('out.json'))
  return [home.read('out.json'), other.read('out.json')]
}

const TEXTS = [
  '\0',
  '\ud800',
  '\udc00\ud800',
  '😀',
  'a\r\nb\rc\n',
  '\u2028\u2029\ufeff\ufffe',
  '\x1b[31m\u009b\u202e',
  '{"a":1}',
  '__proto__',
  ' x ',
  'e\u0301 \u00e9',
]

test('any text comes back as it went in, wherever it stands', async () => {
  const content = TEXTS.join('|')
  const home = await holding(
    session('aaaaaaaaaaa1', content, {
      provider: content,
      model: content,
      metadata: { tags: TEXTS, [content]: content, project: content },
      messages: [
        { role: 'user', content, timestamp: '2024-01-01T00:00:00Z', id: content, finish_reason: content, [content]: content },
        { role: 'tool', content: '', timestamp: '2024-01-01T00:00:00Z', parts: [content, null, { [content]: 1 }] },
      ],
      [content]: { [content]: [content] },
    }),
  )
  const [first, second] = await thereAndBack(home)
  expect(second).toBe(first)
  const [back] = JSON.parse(first)
  expect([back.title, back.provider, back.model, back.metadata.tags, back.metadata[content]]).toEqual([
    content,
    content,
    content,
    TEXTS,
    content,
  ])
  expect([back.messages[0].content, back.messages[0].id, back.messages[0][content]]).toEqual([content, content, content])
  expect(back[content]).toEqual({ [content]: [content] })
})

test('names of Object.prototype are kept in every place', async () => {
  const odd = '{"__proto__":{"p":1},"constructor":{"q":2},"toString":3,"hasOwnProperty":1}'
  const home = makeHome()
  home.write(
    'in.json',
    `{"id":"aaaaaaaaaaa1","title":"x","metadata":${odd},"messages":[{"role":"user","content":"x",${odd.slice(1)}],${odd.slice(1)}`,
  )
  await here(home).ok('session', 'import', '-i', home.path('in.json'))
  const [first, second] = await thereAndBack(home)
  expect(second).toBe(first)
  expect(first.match(/"__proto__":\s*\{\s*"p":\s*1\s*\}/g)).toHaveLength(3)
})

test('10 MB in one message and 100,000 tags come back whole', async () => {
  const content = 'é😀\0\r\n'.repeat(1_500_000)
  const tags = Array.from({ length: 100_000 }, (_, i) => `tag${i}`)
  const home = await holding(
    session('aaaaaaaaaaa1', 'Long', { messages: [{ role: 'user', content }] }),
    session('aaaaaaaaaaa2', 'Tagged', { metadata: { tags } }),
  )
  const shown = await home.json('session', 'show', 'aaaaaaaaaaa1', '--format', 'json')
  expect(shown.messages[0].content === content).toBe(true)
  expect(await here(home).json('session', 'list', '--tag', 'tag99999', '--json')).toHaveLength(1)
  await home.ok('session', 'tag', 'aaaaaaaaaaa2', 'one-more')
  expect((await here(home).json('session', 'list', '--tag', 'one-more', '--json'))[0].tags).toEqual([...tags, 'one-more'])
})

test('a title as a file name never leaves its folder', async () => {
  const titles = [
    '../../x',
    '..\\..\\y',
    '..',
    '.',
    '/etc/passwd',
    '~/z',
    'a\0b',
    'x'.repeat(100_000),
    '漢字'.repeat(300),
    '{id}',
    '-rf',
    '\u202ecod.exe',
    ' ',
    '.hidden',
  ]
  const home = await holding(...titles.map((title, i) => session(`aaaaaaaaaa${i + 10}`, title.trim() ? title : 'blank')))
  await home.ok('session', 'export', '--all', '-o', 'deep/er/{title}-{id}.json')
  const files = fs.readdirSync(home.path('deep/er'))
  expect(files).toHaveLength(titles.length)
  for (const file of files) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a file name must not steer a terminal either
    expect(file).not.toMatch(/^[.-]|[\x00-\x1f\u202e/\\]/)
    expect(Buffer.byteLength(file)).toBeLessThan(256)
  }
  expect(fs.readdirSync(home.dir).sort()).toEqual(['.config', 'deep', 'in.json'])
})

test('CSV quotes what has to be quoted', async () => {
  const home = await holding(session('aaaaaaaaaaa1', 'a,"b"\r\nc'))
  expect(await home.ok('session', 'list', '--format', 'csv')).toContain('aaaaaaaaaaa1,"a,""b""\r\nc",active')
})

test('CSV of a list keeps a title that a spreadsheet would run as a formula', async () => {
  const home = await holding(session('aaaaaaaaaaa1', '=HYPERLINK("http://x","y")'))
  const cell = `"'=HYPERLINK(""http://x"",""y"")"`
  expect(await home.ok('session', 'list', '--format', 'csv')).toContain(`aaaaaaaaaaa1,${cell},active`)
})

test('times at the ends of the calendar are refused or come back', async () => {
  for (const created_at of ['9999-12-31T23:59:59-14:00', '0000-01-01T00:00:00+14:00', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
    const home = here(makeHome())
    const file = home.write('in.json', JSON.stringify(session('aaaaaaaaaaa1', 'Odd', { created_at })))
    const { code, stderr } = await home.run('session', 'import', '-i', file)
    if (code !== 0) expect(stderr).toContain('created_at')
    else {
      const [first, second] = await thereAndBack(home)
      expect(second).toBe(first)
    }
  }
})
