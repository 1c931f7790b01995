import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { importText, sample, samples, talk, titles } from '../helpers/seed.ts'

const without = (key: string) => Object.fromEntries(Object.entries(sample(1)).filter(([name]) => name !== key))

test('each fault is named by file, place in the file and path', async () => {
  const home = makeHome()
  const message = { role: 'user', content: 'x', timestamp: '2024-01-01T10:00:00Z' }
  const wrong = [
    without('id'),
    { ...sample(2), id: 'ABC' },
    { ...sample(3), id: '0000000000001' },
    without('title'),
    { ...sample(5), title: ' \n' },
    without('messages'),
    { ...sample(7), messages: {} },
    { ...sample(8), messages: [message, { ...message, role: 'robot' }, { role: 'user' }] },
    {
      ...sample(9),
      messages: [
        { ...message, timestamp: 'yesterday' },
        { ...message, content: 5 },
      ],
    },
    { ...sample(10), created_at: '2024-02-30T00:00:00Z' },
    { ...sample(11), metadata: [] },
    { ...sample(12), metadata: { tags: 'go' } },
    { ...sample(13), metadata: { tags: ['go', 7] } },
    [],
    null,
    'text',
  ]
  let said = ''
  for (const from of [0, 5, 10, 15]) {
    home.write(`${from}.json`, JSON.stringify([sample(20), ...wrong.slice(from, from + 5)]))
    const { code, stdout, stderr } = await home.run('session', 'import', '-i', `${from}.json`)
    expect([code, stdout]).toEqual([1, ''])
    said += stderr
  }
  expect(said).toMatchInlineSnapshot(`
    "0.json: session 2: id: required
    0.json: session 3 (ABC): id: expected 12 characters of 0-9 and a-z
    0.json: session 4 (0000000000001): id: expected 12 characters of 0-9 and a-z
    0.json: session 5 (sample000001): title: required
    0.json: session 6 (sample000005): title: a title cannot be blank
    error: nothing was imported: 5 of 6 sessions are invalid
    hint: --keep-going skips invalid sessions and imports the others
    5.json: session 2 (sample000001): messages: required
    5.json: session 3 (sample000007): messages: expected an array of messages
    5.json: session 4 (sample000008): messages[1].role: expected one of system, user, assistant, tool; messages[2].content: required
    5.json: session 5 (sample000009): messages[0].timestamp: expected an ISO 8601 time such as 2024-01-15T10:30:00Z; messages[1].content: expected text
    5.json: session 6 (sample000010): created_at: expected an ISO 8601 time such as 2024-01-15T10:30:00Z
    error: nothing was imported: 5 of 6 sessions are invalid
    hint: --keep-going skips invalid sessions and imports the others
    10.json: session 2 (sample000011): metadata: expected an object
    10.json: session 3 (sample000012): metadata.tags: expected an array of texts
    10.json: session 4 (sample000013): metadata.tags[1]: expected text
    10.json: session 5: expected a session: an object
    10.json: session 6: expected a session: an object
    error: nothing was imported: 5 of 6 sessions are invalid
    hint: --keep-going skips invalid sessions and imports the others
    15.json: session 2: expected a session: an object
    error: nothing was imported: 1 of 2 sessions is invalid
    hint: --keep-going skips invalid sessions and imports the others
    "
  `)
  expect(await titles(here(home))).toEqual([])
})

test('provider and model may be anything; times, tags and metadata may be missing', async () => {
  const home = makeHome()
  const bare = { id: 'bare00000001', title: 'Bare', messages: [{ role: 'user', content: 'x' }] }
  home.write('bare.json', JSON.stringify([bare, sample(2, { provider: 'nobody-knows', model: 'x/y:z' })]))
  await home.ok('session', 'import', '-i', 'bare.json')
  expect(await titles(here(home), '--provider', 'nobody-knows', '--model', 'x/y:z')).toEqual(['Session 2'])
  const row = (await here(home).json('session', 'list', '--search', 'Bare', '--json'))[0]
  expect(row).toMatchObject({ provider: null, model: null, tags: [], metadata: {}, message_count: 1, status: 'active' })
})

test('one bad session of a thousand stops them all, or with --keep-going itself alone', async () => {
  const home = makeHome()
  const backup = samples(1000).map((each, i) => (i === 500 ? { ...each, title: '' } : { ...each, messages: talk('x') }))
  home.write('backup.json', JSON.stringify(backup))
  const stopped = await home.run('session', 'import', '-i', 'backup.json')
  expect([stopped.code, stopped.stdout]).toEqual([1, ''])
  expect(stopped.stderr).toMatchInlineSnapshot(`
    "backup.json: session 501 (sample000501): title: a title cannot be blank
    error: nothing was imported: 1 of 1,000 sessions is invalid
    hint: --keep-going skips invalid sessions and imports the others
    "
  `)
  expect(await home.ok('query', '$count(sessions)')).toBe('0\n')
  const kept = await home.run('session', 'import', '-i', 'backup.json', '--keep-going')
  expect([kept.code, kept.stdout, kept.stderr]).toMatchInlineSnapshot(`
    [
      1,
      "Imported 999 sessions (999 messages), 1 invalid
    ",
      "backup.json: session 501 (sample000501): title: a title cannot be blank
    ",
    ]
  `)
  expect(await home.ok('query', '$count(sessions)')).toBe('999\n')
})

test('of several files a bad one stops all, or with --keep-going itself alone', async () => {
  const home = makeHome()
  home.write('in/a.json', JSON.stringify(sample(1)))
  home.write('in/b.json', '[{"id":')
  home.write('in/c.json', JSON.stringify(sample(3)))
  const stopped = await home.run('session', 'import', '--dir', 'in')
  expect([stopped.code, stopped.stdout, await titles(here(home))]).toEqual([1, '', []])
  expect(stopped.stderr).toMatchInlineSnapshot(`
    "in/b.json: the input is truncated in element 1
    error: nothing was imported: 1 of 3 sessions is invalid
    hint: --keep-going skips invalid sessions and imports the others
    "
  `)
  expect((await home.run('session', 'import', '--dir', 'in', '--keep-going')).code).toBe(1)
  expect(await titles(here(home))).toEqual(['Session 3', 'Session 1'])
})

test('what is not JSON, or ends too early, or is no UTF-8 is said so', async () => {
  const one = JSON.stringify(sample(1))
  const inputs: [what: string, text: string | Buffer][] = [
    ['empty', ''],
    ['blank', ' \n'],
    ['words', 'hello there'],
    ['truncated object', one.slice(0, -5)],
    ['truncated array', `[${one},`],
    ['unclosed array', `[${one}`],
    ['missing comma', `[${one}${one}]`],
    ['comma too many', `[${one},]`],
    ['text after', `[${one}] and more`],
    ['unclosed sessions', `{"sessions":[${one}]`],
    ['number', '42'],
    ['UTF-16', Buffer.from(`\ufeff${one}`, 'utf16le')],
    ['Latin-1', Buffer.from(one.replace('Session', 'S\xe9ssion'), 'latin1')],
  ]
  const said = await Promise.all(
    inputs.map(async ([what, input]) => {
      const home = makeHome()
      const { code, stdout, stderr } = await here(home).run('session', 'import', '-i', home.write('in.json', input))
      expect({ what, code, stdout }).toEqual({ what, code: 1, stdout: '' })
      return `${what}: ${stderr.split('\n')[0]?.replace(`${home.dir}/`, '')}`
    }),
  )
  expect(said).toMatchInlineSnapshot(`
    [
      "empty: in.json: the input is empty",
      "blank: in.json: the input is empty",
      "words: in.json: session 1: invalid JSON: Unexpected token 'h', "hello" is not valid JSON",
      "truncated object: in.json: the input is truncated in element 1",
      "truncated array: in.json: the input is truncated after element 1: missing closing bracket",
      "unclosed array: in.json: the input is truncated after element 1: missing closing bracket",
      "missing comma: in.json: missing comma after element 1",
      "comma too many: in.json: extra comma after element 1",
      "text after: in.json: unexpected text after element 1",
      "unclosed sessions: in.json: the object that contains the sessions is invalid JSON after element 1",
      "number: in.json: session 1: expected a session: an object",
      "UTF-16: in.json: the encoding is UTF-16 or UTF-32; expected UTF-8",
      "Latin-1: in.json: session 1: invalid UTF-8",
    ]
  `)
  const { stderr } = await importText(makeHome(), one.slice(0, -5))
  expect(stderr).toMatch(/^standard input: the input is truncated in element 1\n/)
})

test('files that cannot be read are named', async () => {
  const home = makeHome()
  home.write('empty/readme.txt', '')
  const said = await Promise.all(
    [
      ['-i', 'nowhere.json'],
      ['-i', 'empty'],
      ['--dir', 'nowhere'],
      ['--dir', 'empty'],
    ].map(async (flags) => {
      const { code, stderr } = await home.run('session', 'import', ...flags)
      return [code, stderr]
    }),
  )
  expect(said).toMatchInlineSnapshot(`
    [
      [
        1,
        "error: cannot read nowhere.json: there is no such file
    ",
      ],
      [
        1,
        "error: cannot read empty: it is a folder
    ",
      ],
      [
        1,
        "error: cannot read nowhere: there is no such file
    ",
      ],
      [
        1,
        "error: no .json or .jsonl files in empty
    ",
      ],
    ]
  `)
})

test('many mistakes are five lines and a count', async () => {
  const home = makeHome()
  const messages = Array.from({ length: 9 }, () => ({ role: 'robot', content: 'x' }))
  home.write('bad.json', JSON.stringify([{ id: 'x', title: '', messages }, ...Array.from({ length: 11 }, () => ({}))]))
  const { code, stderr } = await home.run('session', 'import', 'bad.json')
  const lines = stderr.trimEnd().split('\n')
  expect([code, lines.length]).toEqual([1, 7])
  expect(lines[0]).toMatch(/^bad\.json: session 1 \(x\): id: .*; and 6 more$/)
  expect(lines.slice(4)).toEqual([
    expect.stringMatching(/^bad\.json: session 5: /),
    '… and 7 invalid sessions more',
    'error: nothing was imported: 12 of 12 sessions are invalid',
  ])
})
