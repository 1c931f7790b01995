import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, script, seed } from '../helpers/seed.ts'

const digits = ['000000000007', '123456789012', '1e5000000000', '0x1000000000', 'infinity0000', 'nullnullnull']

test('an id may be any unambiguous prefix of four or more characters', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { id: 'abcd00000001' }), sample(2, { id: 'abce00000001' }))
  const [four, all, three] = await Promise.all([
    home.ok('session', 'show', 'abcd', '--summary'),
    home.ok('session', 'show', 'abcd00000001', '--summary'),
    failure(home, 1, ['session', 'show', 'abc']),
  ])
  expect(four).toBe(all)
  expect(three).toMatchInlineSnapshot(`
    "error: the id "abc" is too short
    hint: use 4 or more characters of the id
    "
  `)
})

test('an ambiguous prefix lists the candidates', async () => {
  const home = here(makeHome())
  await seed(home, ...Array.from({ length: 12 }, (_, i) => sample(i + 1, { id: `same${String(i).padStart(8, '0')}` })))
  expect(await failure(home, 1, ['session', 'show', 'same0000001'])).toMatchInlineSnapshot(`
    "error: the id "same0000001" is ambiguous:
      same00000010  Session 11
      same00000011  Session 12
    hint: use more characters of the id
    "
  `)
  expect((await failure(home, 1, ['session', 'delete', 'same'])).match(/^ {2}same/gm)?.length).toBe(10)
})

test('errors and notes shorten titles, tags and keys of any length', async () => {
  const home = here(makeHome())
  const long = 'x'.repeat(1_000_000)
  const metadata = { tags: [`tag${long}`], [`key${long}`]: 1 }
  await seed(home, ...['oddo00000001', 'oddo00000002'].map((id, i) => sample(i + 1, { id, title: `${i}${long}`, metadata })))
  const cut = (start: string) => `${start}${'x'.repeat(200 - start.length)}…`
  expect(await failure(home, 1, ['session', 'show', 'oddo'])).toBe(
    `error: the id "oddo" is ambiguous:\n  oddo00000001  ${cut('0')}\n  oddo00000002  ${cut('1')}\nhint: use more characters of the id\n`,
  )
  expect((await home.run('session', 'untag', 'oddo00000001', 'tagx')).stderr).toBe('oddo00000001 has no tag "tagx"\n')
  expect(await failure(home, 2, ['session', 'meta', 'oddo00000001', 'keyx'])).toBe('error: oddo00000001 has no metadata "keyx"\n')
})

test('sessions in the trash neither hide one that is there nor make an ambiguous prefix clear', async () => {
  const home = here(makeHome())
  const gone = Array.from({ length: 10 }, (_, i) => sample(i + 1, { id: `same0000000${i}` }))
  await seed(home, ...gone, sample(11, { id: 'samea0000000' }), sample(12, { id: 'sameb0000000' }))
  await home.ok('session', 'delete', ...gone.map(({ id }) => id))
  expect(await failure(home, 1, ['session', 'show', 'same'])).toContain(
    'is ambiguous:\n  samea0000000  Session 11\n  sameb0000000  Session 12\n',
  )
  await home.ok('session', 'delete', 'samea')
  expect(await home.ok('session', 'show', 'same', '--summary')).toContain('ID: sameb0000000\n')
})

test('an unknown id suggests the nearest', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { id: 'abc123def456' }))
  const wrong = [
    'abc123def465',
    'abd123def456',
    'ABC123DEF456',
    'abc123def4567',
    'qqqqqqqqqqqq',
    '',
    'abc 123',
    '../../etc',
    '100000000000',
  ]
  const said = await Promise.all(wrong.map((id) => failure(home, 1, ['session', 'show', id])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: there is no session "abc123def465"
    hint: did you mean abc123def456?
    error: there is no session "abd123def456"
    hint: did you mean abc123def456?
    error: "ABC123DEF456" is not a session id or title
    hint: did you mean abc123def456?
    error: "abc123def4567" is not a session id or title
    hint: did you mean abc123def456?
    error: there is no session "qqqqqqqqqqqq"
    hint: ainative-code session list --all shows all ids
    error: "" is not a session id or title
    hint: ainative-code session list --all shows all ids
    error: "abc 123" is not a session id or title
    hint: ainative-code session list --all shows all ids
    error: "../../etc" is not a session id or title
    hint: ainative-code session list --all shows all ids
    error: there is no session "100000000000"
    hint: ainative-code session list --all shows all ids
    "
  `)
})

test('ids of digits, or that look like other values, are ids at the command line and at the prompt', async () => {
  const home = here(makeHome())
  await seed(home, ...digits.map((id, i) => sample(i + 1, { id })))
  const words = [...digits, '0000', '1234', '1e50', '0x10']
  const wanted = [...digits, ...digits.slice(0, 4)]
  const { stdout } = await script(home, ...words.map((word) => `session show ${word} --summary --json`))
  expect([...stdout.matchAll(/^ {2}"id": "(.*)",$/gm)].map(([, id]) => id)).toEqual(wanted)
  const shown = await Promise.all(words.map((word) => home.json('session', 'show', word, '--summary', '--json')))
  expect(shown.map(({ id }) => id)).toEqual(wanted)
  const { stdout: listed } = await home.runWith({ input: `${digits.join('\n')}\n` }, 'session', 'show', '-', '--summary')
  expect([...listed.matchAll(/^ID: (.*)$/gm)].map(([, id]) => id)).toEqual(digits)
})

test('ids stand on standard input one a line, as words or as JSON', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2), sample(3))
  const shown = async (input: string) => {
    const { stdout } = await home.runWith({ input }, 'session', 'show', '-', '--summary')
    return [...stdout.matchAll(/^ID: (.*)$/gm)].map(([, id]) => id)
  }
  expect(await shown('  sample000001  \r\n\r\n{"id":"sample000002","title":"x"}\nsample000001')).toEqual(['sample000001', 'sample000002'])
  expect(await shown('')).toEqual([])
  const [garbage, unknown] = await Promise.all(
    ['{"id":', 'sample000001\nsample000009\n'].map((input) => home.runWith({ input }, 'session', 'show', '-', '--summary')),
  )
  expect([garbage?.code, garbage?.stdout, unknown?.code, unknown?.stdout]).toEqual([2, '', 1, ''])
  expect(`${garbage?.stderr}${unknown?.stderr}`).toMatchInlineSnapshot(`
    "error: standard input has a line that is neither an id nor JSON: "{\\"id\\":"
    error: there is no session "sample000009"
    hint: did you mean sample000001?
    "
  `)
})

test('an id together with selection flags is wrong usage for every command that takes both', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const commands = ['export', 'delete', 'archive', 'unarchive', 'tag', 'untag']
  const wrong = commands.map((verb) => ['session', verb, 'sample000001', '--tag', 'go', ...(verb.endsWith('tag') ? ['x'] : [])])
  const said = await Promise.all(wrong.map((argv) => failure(home, 2, argv)))
  expect(said.map((each) => /takes (an id|ids) or selection flags, not both/.test(each))).toEqual(commands.map(() => true))
})

test('show, meta, rename, fork and use take ids alone', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const said = await Promise.all(
    ['show', 'meta', 'rename', 'fork', 'use'].map((verb) => failure(home, 2, ['session', verb, '--tag', 'go', 'x'])),
  )
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: session show has no flag --tag
    hint: ainative-code session show --help lists its flags
    error: session meta has no flag --tag
    hint: ainative-code session meta --help lists its flags
    error: session rename has no flag --tag
    hint: ainative-code session rename --help lists its flags
    error: session fork has no flag --tag
    hint: ainative-code session fork --help lists its flags
    error: session use has no flag --tag
    hint: ainative-code session use --help lists its flags
    "
  `)
})
