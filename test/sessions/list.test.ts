import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, samples, script, seed, talk, titles } from '../helpers/seed.ts'

test('list shows the ten newest and says on standard error how many there are', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(31))
  const { stdout, stderr } = await home.run('session', 'list')
  expect(stdout).toMatchInlineSnapshot(`
    "ID           TITLE      CREATED          MESSAGES
    sample000031 Session 31 2024-01-31 10:30 0
    sample000030 Session 30 2024-01-30 10:30 0
    sample000029 Session 29 2024-01-29 10:30 0
    sample000028 Session 28 2024-01-28 10:30 0
    sample000027 Session 27 2024-01-27 10:30 0
    sample000026 Session 26 2024-01-26 10:30 0
    sample000025 Session 25 2024-01-25 10:30 0
    sample000024 Session 24 2024-01-24 10:30 0
    sample000023 Session 23 2024-01-23 10:30 0
    sample000022 Session 22 2024-01-22 10:30 0
    "
  `)
  expect(stderr).toBe('10 of 31; --all shows all\n')
})

test('-n and --limit cut, --all does not, and nothing is said of a whole list', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(12))
  const newest = Array.from({ length: 12 }, (_, i) => `Session ${12 - i}`)
  const [short, exact, all, huge, both] = await Promise.all(
    [['-n', '5'], ['--limit', '12'], ['--all'], ['-n', '99999999999999999999'], ['--all', '-n', '3']].map((flags) =>
      home.run('session', 'list', '--format', 'jsonl', ...flags),
    ),
  )
  const shown = (result = both) =>
    result?.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).title)
  expect([shown(short), short?.stderr]).toEqual([newest.slice(0, 5), '5 of 12; --all shows all\n'])
  expect([shown(exact), exact?.stderr]).toEqual([newest, ''])
  expect([shown(all), all?.stderr]).toEqual([newest, ''])
  expect([shown(huge), huge?.stderr]).toEqual([newest, ''])
  expect(shown(both)).toEqual(newest.slice(0, 3))
})

test('--reverse -n 10 gives the ten oldest', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(12))
  expect(await titles(home, '--reverse', '-n', '10')).toEqual(Array.from({ length: 10 }, (_, i) => `Session ${i + 1}`))
})

test('sorts by date, title or count of messages, either way round', async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, { title: 'banana', messages: talk('a', 'b', 'c') }),
    sample(2, { title: 'Apple', messages: talk('a') }),
    sample(3, { title: 'Éclair', messages: talk('a', 'b') }),
    sample(4, { title: 'cherry' }),
  )
  const sorted = (...flags: string[]) => titles(home, ...flags)
  const [date, title, messages, reversed] = await Promise.all([
    sorted('--sort', 'date'),
    sorted('--sort', 'title'),
    sorted('--sort', 'messages'),
    sorted('--sort', 'messages', '--reverse'),
  ])
  expect(date).toEqual(['cherry', 'Éclair', 'Apple', 'banana'])
  expect(title?.filter((each) => each !== 'Éclair')).toEqual(['Apple', 'banana', 'cherry'])
  expect(messages).toEqual(['banana', 'Éclair', 'Apple', 'cherry'])
  expect(reversed).toEqual([...messages].reverse())
})

describe('formats', () => {
  test('JSON rows have the documented fields first, in their order', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { messages: talk('Hi'), metadata: { tags: ['go'], project: 'x' } }))
    expect(await home.ok('session', 'list', '--format', 'json')).toMatchInlineSnapshot(`
      "[
        {
          "id": "sample000001",
          "title": "Session 1",
          "status": "active",
          "provider": "anthropic",
          "model": "claude-3-5-sonnet-20241022",
          "tags": [
            "go"
          ],
          "metadata": {
            "project": "x"
          },
          "message_count": 1,
          "created_at": "2024-01-01T10:30:00.000Z",
          "updated_at": "2024-01-01T10:30:00.000Z"
        }
      ]
      "
    `)
    expect(await home.ok('session', 'list', '--format', 'jsonl')).toBe(
      `${JSON.stringify(JSON.parse(await home.ok('session', 'list', '--json'))[0])}\n`,
    )
  })

  test('csv quotes what has commas, quotes or line breaks', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { title: 'a, "b"\nc', metadata: { tags: ['go', 'x'] } }), sample(2))
    expect(await home.ok('session', 'list', '--format', 'csv')).toMatchInlineSnapshot(`
      "id,title,status,provider,model,tags,metadata,message_count,created_at,updated_at
      sample000002,Session 2,active,anthropic,claude-3-5-sonnet-20241022,[],{},0,2024-01-02T10:30:00.000Z,2024-01-02T10:30:00.000Z
      sample000001,"a, ""b""
      c",active,anthropic,claude-3-5-sonnet-20241022,"[""go"",""x""]",{},0,2024-01-01T10:30:00.000Z,2024-01-01T10:30:00.000Z
      "
    `)
  })

  test('the columns of csv do not depend on which session comes first', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(2))
    await home.ok('session', 'use', 'sample000001')
    const header = (text: string) => text.split('\n')[0]
    const [newest, oldest] = await Promise.all([home.ok('ls', '--format', 'csv'), home.ok('ls', '--reverse', '--format', 'csv')])
    expect(header(newest)).toBe(header(oldest))
  })

  test('nothing is an empty table, [] or no line', async () => {
    const home = here(makeHome())
    expect(await home.ok('session', 'list')).toMatchInlineSnapshot(`
      "ID TITLE CREATED MESSAGES
      "
    `)
    expect(await home.ok('session', 'list', '--format', 'json')).toBe('[]\n')
    expect(await home.ok('session', 'list', '--format', 'jsonl')).toBe('')
  })
})

test('archived sessions need --all or --status, deleted ones --status deleted', async () => {
  const home = here(makeHome())
  await seed(home, ...samples(4))
  await script(home, 'session archive sample000001', 'session delete sample000002', 'session meta sample000003 status paused')
  const [plain, all, archived, paused, deleted, active] = await Promise.all(
    [[], ['--all'], ['--status', 'archived'], ['--status', 'paused'], ['--status', 'deleted'], ['--status', 'active']].map((flags) =>
      titles(home, ...flags),
    ),
  )
  expect(plain).toEqual(['Session 4', 'Session 3'])
  expect(all).toEqual(['Session 4', 'Session 3', 'Session 1'])
  expect([archived, paused, deleted, active]).toEqual([['Session 1'], ['Session 3'], ['Session 2'], ['Session 4']])
})

test('its aliases list too', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const wanted = await home.ok('session', 'list')
  const said = await Promise.all([home.ok('sessions', 'list'), home.ok('session', 'ls'), home.ok('ls'), home.ok('sessions', 'ls')])
  expect(said).toEqual([wanted, wanted, wanted, wanted])
  const { stdout } = await script(home, 'session ls', 'ls', 'ainative-code ls')
  expect(stdout).toBe(wanted.repeat(3))
  expect((await script(home, 'sessions.title')).stdout).toBe('"Session 1"\n')
})

test('wrong limits, formats, sort keys, states and flags say what is right', async () => {
  const home = here(makeHome())
  const wrong = ['-n 0', '-n -5', '--limit 1.5', '--limit ten', '--format jsn', '--sort dat', '--status archive', '--revers', '--tags x']
  const said = await Promise.all(wrong.map((flags) => failure(home, 2, ['session', 'list', ...flags.split(' ')])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: --limit "0": expected a whole number of 1 or more
    error: --limit "-5": expected a whole number of 1 or more
    error: --limit "1.5": expected a whole number of 1 or more
    error: --limit "ten": expected a whole number of 1 or more
    error: session list has no format "jsn"
    hint: did you mean json?
    error: --sort "dat": expected date, title, messages, updated, created
    hint: did you mean date?
    error: --status "archive": expected active, paused, archived, deleted
    hint: did you mean archived?
    error: session list has no flag --revers
    hint: did you mean --reverse?
    error: session list has no flag --tags
    hint: did you mean --tag?
    "
  `)
})

test('--sort updated puts the session that was changed last first; -a is --all, and rm takes -f and -y', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2), sample(3))
  await home.ok('session', 'tag', 'sample000001', 'x')
  expect(await titles(home, '--sort', 'updated')).toEqual(['Session 1', 'Session 3', 'Session 2'])
  expect(await titles(home, '--sort', 'updated', '--reverse')).toEqual(['Session 2', 'Session 3', 'Session 1'])
  expect(await titles(home, '--sort', 'created')).toEqual(['Session 3', 'Session 2', 'Session 1'])
  const [{ updated_at: updated }] = await home.json('ls', '--sort', 'updated', '-n', '1', '--json')
  const shown = `${updated.slice(0, 10)} ${updated.slice(11, 16)}`
  expect(await home.ok('ls', '--sort', 'updated', '-n', '1')).toBe(
    `ID           TITLE     UPDATED          MESSAGES\nsample000001 Session 1 ${shown} 0\n`,
  )
  await home.ok('session', 'archive', 'sample000003')
  expect((await home.ok('ls', '-a', '--no-header')).split('\n')).toHaveLength(4)
  await home.ok('rm', '-f', 'sample000003')
  await home.ok('rm', '--all', '-y')
  expect(await titles(home)).toEqual([])
})
