import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type Home, here, homeAt, makeHome, removeHome } from '../helpers/cli.ts'
import { failure, sample, script, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

interface Row {
  id: string
  hits: number
  score: number
  close?: string
  matches: {
    message: string | null
    seq: number | null
    role: string
    timestamp: string
    snippet: string
    offsets: [number, number][]
    before?: { content: string }[]
    after?: { content: string }[]
  }[]
}

const search = (home: Home, ...argv: string[]) => home.json<Row[]>('session', 'search', '--format', 'json', ...argv)
const ids = async (home: Home, ...argv: string[]) => (await search(home, ...argv)).map(({ id }) => id)
const marked = ({ snippet, offsets }: Row['matches'][number]) => offsets.map(([start, end]) => snippet.slice(start, end))

const CONTENTS = {
  jwt: 'Use JWT for our authentication; call jwt.sign and std::vector of snake_case.',
  camel: 'The hook useEffect calls getUserById at version v1.2.3 with 3.5 percent.',
  accents: 'Naïve résumé in Straße, ΟΔΟΣ and Проверка ёлка.',
  han: '請解釋認証の仕組み。この関数は空の配列を返す。',
  hangul: '인증 토큰을 새로 고치는 방법',
  thai: 'การตรวจสอบสิทธิ์ผู้ใช้',
  code: 'In C++ and C# use foo(bar) at /home/me/notes.txt, id 550e8400-e29b-41d4-a716-446655440000 🎉',
}

let home: Home

beforeAll(async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-'))
  home = here(homeAt(dir))
  const sessions = Object.entries(CONTENTS).map(([name, content], i) =>
    sample(i + 1, { id: `${name}0000000000`.slice(0, 12), title: `About ${i}`, messages: talk(content, 'I see.') }),
  )
  await seed(home, ...sessions)
  return () => removeHome(dir)
}, 60_000)

test('on a terminal the words are in color, and a narrow one does without columns', async () => {
  const { screen } = await onTerminal(home, ['session', 'search', 'snake_case', '--context', '1'], [], {}, 40)
  expect(screen).toContain('\x1b[33msnake_case\x1b[39m')
  expect(screen).not.toContain('\u241b')
  expect(screen).toMatch(/^ID +TITLE +MATCH\r\n/)
  const { screen: plain } = await onTerminal(home, ['session', 'search', 'jwt', '--color', 'never'])
  expect(plain).toMatch(/^ID +TITLE +DATE +HITS ROLE +MATCH\r\n[\s\S]*«JWT»/)
})

const idOf = (name: string) => `${name}0000000000`.slice(0, 12)

test.each([
  [
    'jwt',
    [
      'JWT authentication',
      'authentication jwt',
      'jwt.sign',
      'sign',
      'std::vector',
      'vector',
      'snake_case',
      'snake',
      '"snake case"',
      'AUTHENTIC*',
      'nothing OR jwt',
      'jwt -Elephant',
      'jwt NOT elephant',
      'jwt:',
      '"jwt for our',
    ],
  ],
  [
    'camel',
    [
      'useEffect',
      'effect',
      'user',
      'getuserbyid',
      'getUserById',
      '3.5',
      'v1.2.3',
      '1.2.3',
      'percent role:user',
      'percent title:about',
      'percent provider:anthropic since:2024-01-01 until:2024-02-01',
    ],
  ],
  ['accents', ['naive', 'NAÏVE', 'resume', 'strasse', 'STRASSE', 'οδος', 'проверка', 'елка']],
  ['han', ['認', '認証', '解', '配列を返す', '空の配列', '釋']],
  ['hangul', ['인증', '토', '토큰을']],
  ['thai', ['ตรวจ', 'ก', 'สิทธิ์']],
  ['code', ['C++', 'C#', 'foo(bar', 'foo(bar)', '/home/me/notes.txt', '550e8400-e29b-41d4-a716-446655440000', '🎉', '"id 550e8400"']],
] as const)('%s is found by what people type', async (name, queries) => {
  for (const query of queries) expect({ query, ids: await ids(home, query) }).toEqual({ query, ids: [idOf(name)] })
})

test.each(['1.2', 'jwt -sign', '"authentication JWT"', 'auth', 'jwt tag:none'])('%s finds nothing of itself', async (query) => {
  const rows = await search(home, query)
  expect(rows.filter(({ close }) => close === undefined)).toEqual([])
})

test('one-shot and at the prompt alike', async () => {
  const once = await home.ok('session', 'search', 'JWT', 'authentication')
  expect(once).toMatchInlineSnapshot(`
    "ID           TITLE   DATE       HITS ROLE MATCH
    jwt000000000 About 0 2024-01-01 1    user Use «JWT» for our «authentication»; call «jwt».sign and std::vector of snake_case.
    "
  `)
  expect((await script(home, 'session search JWT authentication')).stdout).toBe(once)
})

test('a match tells its message, and where the words stand in the snippet', async () => {
  const [row] = await search(home, 'getUserById percent')
  expect(row).toMatchObject({ id: idOf('camel'), hits: 1, title: 'About 1', message_count: 2 })
  const [match] = row?.matches ?? []
  expect(match).toMatchObject({ seq: 1, role: 'user', timestamp: '2024-01-01T10:00:00.000Z' })
  expect(match && marked(match)).toEqual(['getUserById', 'percent'])
  const [part] = (await search(home, 'user'))[0]?.matches ?? []
  expect(part && marked(part)).toEqual(['User'])
  const [one] = (await search(home, '認'))[0]?.matches ?? []
  expect(one && marked(one)).toEqual(['認'])
})

test('the format, the order and the place are chosen by flags; what does not exist is told', async () => {
  expect((await home.ok('session', 'search', 'jwt', '--format', 'jsonl')).split('\n')).toHaveLength(2)
  expect(await ids(home, 'about', '--in', 'title', '--sort', 'date', '-n', '2')).toHaveLength(2)
  expect(await ids(home, 'about', '--in', 'content')).toEqual([])
  expect(await ids(home, 'see', '--role', 'user')).toEqual([])
  expect(await ids(home, 'see', '--role', 'assistant', '-n', '3')).toHaveLength(3)
  expect(await failure(home, 2, ['session', 'search', 'x', '--role', 'asistant'])).toMatch(/"asistant"\nhint: did you mean assistant/)
  expect(await failure(home, 2, ['session', 'search', 'x role:asistant'])).toMatch(/"asistant"\nhint: did you mean assistant/)
  expect(await failure(home, 2, ['session', 'search', 'x', '--in', 'contents'])).toMatch(/content/)
  expect(await failure(home, 2, ['session', 'search', 'x', '--sort', 'rnk'])).toMatch(/rank/)
  expect(await failure(home, 2, ['session', 'search', 'x since:someday'])).toMatch(/since: .*"someday"/)
  for (const blank of [[], [''], ['  ']]) expect(await failure(home, 2, ['session', 'search', ...blank])).toMatch(/needs words/)
  expect(await failure(home, 2, ['session', 'search', 'role:user'])).toMatch(/add words/)
})

test('filters alone select sessions, newest first', async () => {
  expect(await ids(home, 'provider:anthropic', '-n', '100')).toEqual(
    (await home.json('session', 'list', '--provider', 'anthropic', '--all', '--json')).map(({ id }: Row) => id),
  )
  const [row] = await search(home, 'title:"about 1"')
  expect(row).toMatchObject({ id: idOf('camel'), hits: 1, matches: [{ seq: null, role: 'title', snippet: 'About 1' }] })
  expect(row?.matches[0] && marked(row.matches[0])).toEqual(['About 1'])
  const none = await home.run('session', 'search', 'tag:none')
  expect(none).toMatchObject({ code: 0, stderr: 'no session matches the filters\n' })
})

test('what holds no word, and what nothing holds, is told', async () => {
  const star = await home.run('session', 'search', '*', '--format', 'json')
  expect([star.code, star.stdout, star.stderr]).toEqual([0, '[]\n', '"*" contains no letter or digit to search for\n'])
  const none = await home.run('session', 'search', 'qqqqqqqq', '--format', 'json')
  expect([none.code, none.stdout, none.stderr]).toEqual([0, '[]\n', 'nothing found\n'])
  const filter = await home.run('session', 'search', 'jwt', '--tag', 'nowhere', '--format', 'json')
  expect([filter.code, filter.stdout, filter.stderr]).toEqual([0, '[]\n', 'no session matches the filters\n'])
})

test.each([
  ['authenticated', 'other forms: authentic*', 'jwt'],
  ['authentcation', 'did you mean authentication?', 'jwt'],
  ['проверки', 'did you mean проверка?', 'accents'],
  ['percent elephant', 'without elephant', 'camel'],
  ['percent "i see"', 'words in different messages of a session', 'camel'],
])('where nothing holds all of %s, what is close is marked as such', async (query, close, name) => {
  const { stdout, stderr } = await home.run('session', 'search', query, '--format', 'json')
  expect(stderr).toBe(`no match for all words; close matches: ${close}\n`)
  expect((JSON.parse(stdout) as Row[]).map((row) => [row.id, row.close])).toEqual([[idOf(name), close]])
})

test('a title ranks over the words of the person, those over a reply, and that over a tool', async () => {
  const own = here(makeHome())
  const said = (number: number, role: string, content: string, more = {}) =>
    sample(number, { messages: [{ role, content, timestamp: '2024-01-01T10:30:00Z', ...more }] })
  await seed(
    own,
    said(1, 'tool', 'Kubernetes pods'),
    said(2, 'assistant', 'Kubernetes pods'),
    said(3, 'user', 'Kubernetes pods'),
    sample(4, { title: 'Kubernetes' }),
    said(5, 'assistant', 'I look.', {
      parts: [
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', name: 'grep', input: { pattern: 'kubernetes pods' } },
      ],
    }),
    said(6, 'assistant', `kubernetes ${'and much else that was said here '.repeat(2000)}`),
  )
  expect((await ids(own, 'kubernetes')).slice(0, 3)).toEqual(['sample000004', 'sample000003', 'sample000002'])
  expect(await ids(own, 'kubernetes', '--in', 'tools')).toEqual(expect.arrayContaining(['sample000005', 'sample000001']))
  expect(await ids(own, 'kubernetes', '--in', 'tools')).toHaveLength(2)
  expect(await ids(own, 'kubernetes', '--in', 'content', '--role', 'assistant')).toEqual(['sample000002', 'sample000006'])
  expect(await ids(own, 'look pods')).toEqual(['sample000005'])
})

test('--context shows the messages around, --export writes a file, and both take any content', async () => {
  const own = makeHome()
  await seed(own, sample(1, { title: '\u001b[31mred', messages: talk('one', 'two', 'a \u001b[2J needle', 'four', 'five') }))
  const [row] = await search(own, 'needle', '--context', '1')
  expect(row?.matches[0]).toMatchObject({ seq: 3, before: [{ content: 'two' }], after: [{ content: 'four' }] })
  const text = await own.ok('session', 'search', 'needle', '--context', '1')
  expect(text).not.toContain('\u001b')
  expect(text).toMatch(/ 2 assistant: two\n> {4}3 user: a .*«needle»\n {5}4 assistant: four\n/)
  expect(await own.ok('session', 'search', 'needle', '--export', 'found.json')).toBe('Wrote 1 session to found.json\n')
  expect(JSON.parse(own.read('found.json'))).toEqual(await search(own, 'needle'))
  await own.ok('session', 'search', 'needle', '--export', 'found.jsonl')
  expect(JSON.parse(own.read('found.jsonl'))).toMatchObject({ id: 'sample000001' })
  expect(await failure(own, 2, ['session', 'search', 'needle', '--export', 'found.jsn'])).toMatch(/\.jsn.*\n.*did you mean \.json/)
  expect(await failure(own, 2, ['session', 'search', 'needle', '--export', '-'])).toMatch(/standard output\nhint: use --format json/)
  expect(await failure(own, 2, ['session', 'search', 'needle', '--export', 'a.json', '--open'])).toMatch(/cannot be combined/)
})

test('a filter may be negated, alone in --text, and no text breaks the search', async () => {
  const own = here(makeHome())
  await seed(
    own,
    sample(1, { metadata: { tags: ['go'] }, messages: talk('word one', 'word two') }),
    sample(2, { messages: talk('word', 'other') }),
  )
  expect(await ids(own, 'word -tag:go')).toEqual(['sample000002'])
  expect(await ids(own, 'word NOT tag:go')).toEqual(['sample000002'])
  expect(await ids(own, 'title:session -other')).toEqual(['sample000001'])
  expect(await ids(own, 'project:none -other')).toEqual([])
  expect(await own.ok('session', 'list', '--text', 'title:session -other -"no phrase"')).not.toContain('sample000002')
  expect((await search(own, 'word -role:user'))[0]?.matches.map(({ role }) => role)).toEqual(['assistant'])
  expect(await own.ok('session', 'list', '--text', 'tag:go')).toContain('sample000001')
  for (const text of ['ﷺ', '⑴foo', '㈠①', '❤️', '\u0345']) expect((await own.run('session', 'search', text)).code).toBe(0)
})

test('the best message of a session is found among many newer ones', async () => {
  const own = here(makeHome())
  const replies = Array.from({ length: 30 }, (_, i) => ({
    role: 'assistant',
    content: `long reply ${i} ${'and so on '.repeat(100)} zebra`,
    timestamp: '2024-01-01T10:30:00Z',
  }))
  await seed(own, sample(1, { messages: [...talk('zebra stripes explained'), ...replies] }))
  const [row] = await search(own, 'zebra')
  expect(row).toMatchObject({ hits: 31, matches: [{ seq: 1, role: 'user' }, {}, {}, {}, {}] })
})

test('--open shows the best match in its session', async () => {
  const own = here(makeHome())
  await seed(own, sample(1, { title: 'Hay', messages: talk('one', 'two', 'a needle', 'four') }))
  const text = await own.ok('session', 'search', 'needle', '--open')
  expect(text).toMatch(/^Session: Hay\n/)
  expect(text).toContain('> #3 [User - 10:02:00]\na needle\n')
  const nothing = await own.run('session', 'search', 'nowhere', '--open')
  expect([nothing.code, nothing.stdout, nothing.stderr]).toEqual([0, '', 'nothing found\n'])
})
