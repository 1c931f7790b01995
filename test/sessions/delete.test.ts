import { describe, expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { failure, sample, samples, seed, talk, titles } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const trash = (home: Home) => titles(home, '--status', 'deleted')

describe('delete', () => {
  test('moves sessions to the trash without a question; restore brings them back whole', async () => {
    const home = makeHome()
    await seed(
      home,
      sample(1, { messages: talk('Hi', 'Hello'), metadata: { tags: ['go'], x: [1] }, unknown: 1, status: 'paused' }),
      sample(2),
    )
    const before = await home.ok('session', 'export', '--all', '-o', '-')
    expect(await home.ok('session', 'delete', 'sample000001')).toMatchInlineSnapshot(`
      "Deleted sample000001 (session restore brings it back)
      "
    `)
    expect([await titles(home), await trash(home)]).toEqual([['Session 2'], ['Session 1']])
    expect(await home.ok('query', 'sessions.title')).toBe('"Session 2"\n')
    expect(await home.ok('session', 'restore', 'sample000001')).toMatchInlineSnapshot(`
      "Restored sample000001
      "
    `)
    expect(await home.ok('session', 'export', '--all', '-o', '-')).toBe(before)
    expect(await trash(home)).toEqual([])
  })

  test('takes several ids, prefixes and - ; rm is its other name', async () => {
    const home = here(makeHome())
    await seed(home, ...['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee'].map((start, i) => sample(i + 1, { id: `${start}00000000` })))
    expect(await home.ok('session', 'delete', 'aaaa', 'bbbb00', 'aaaa00000000')).toMatchInlineSnapshot(`
      "Deleted 2 sessions (session restore brings them back)
      "
    `)
    await home.runWith({ input: 'cccc\n' }, 'rm', '-')
    await home.ok('session', 'rm', 'dddd')
    expect(await titles(home)).toEqual(['Session 5'])
    expect(await home.ok('sessions', 'rm', 'eeee')).toMatchInlineSnapshot(`
      "Deleted eeee00000000 (session restore brings it back)
      "
    `)
  })

  test('takes what selection flags match, and says so when it is nothing', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(4), sample(5, { created_at: new Date().toISOString(), updated_at: new Date().toISOString() }))
    expect(await home.ok('session', 'delete', '--before', '2024-01-02')).toMatchInlineSnapshot(`
      "Deleted sample000001 (session restore brings it back)
      "
    `)
    await home.ok('session', 'delete', '--older-than', '30d', '--search', '2')
    expect(await trash(home)).toEqual(['Session 2', 'Session 1'])
    await home.ok('session', 'delete', '--older-than', '30d')
    expect(await titles(home)).toEqual(['Session 5'])
    expect(await home.ok('session', 'delete', '--tag', 'nothing-has-it')).toMatchInlineSnapshot(`
      "Deleted 0 sessions
      "
    `)
  })

  test('--dry-run lists what would go', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(3))
    expect(await home.ok('session', 'delete', '--all', '--dry-run')).toMatchInlineSnapshot(`
      "sample000003 Session 3
      sample000002 Session 2
      sample000001 Session 1
      3 sessions would move to the trash
      "
    `)
    expect(await home.ok('session', 'delete', 'sample000002', '--dry-run')).toContain('sample000002 Session 2\n')
    expect(await titles(home)).toHaveLength(3)
  })

  test('--all needs --confirm or --force; a question needs a terminal', async () => {
    const program = makeHome()
    const home = here(program)
    await seed(home, ...samples(2))
    await home.ok('session', 'archive', 'sample000001')
    const wrong = [
      ['--all'],
      ['--all', '--confirm'],
      ['sample000001', '--confirm'],
      ['--search', 'Session', '--confirm'],
      ['--all', 'sample000001', '--force'],
    ]
    const said = await Promise.all(wrong.map((words) => failure(program, 2, ['session', 'delete', ...words])))
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: session delete --all requires --confirm (ask first) or --force (do not ask)
      error: confirmation required, but standard input is not a terminal
      hint: --force skips the question
      error: confirmation required, but standard input is not a terminal
      hint: --force skips the question
      error: confirmation required, but standard input is not a terminal
      hint: --force skips the question
      error: session delete takes ids or --all, not both
      "
    `)
    expect(await titles(home, '--all')).toHaveLength(2)
    expect(await home.ok('session', 'delete', '--all', '--force')).toContain('2 sessions')
    expect(await titles(home, '--all')).toEqual([])
  })

  test('on a terminal --confirm asks, and only yes deletes', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(3))
    const asked = (argv: string[], keys: string) => onTerminal(home, ['session', 'delete', ...argv, '--confirm'], [['[y/N]', keys]])
    const no = await asked(['sample000001'], '\r')
    expect([no.code, await trash(home)]).toEqual([0, []])
    expect(no.screen).toContain('Delete sample000001? [y/N]')
    expect((await asked(['--all'], 'no\r')).screen).toContain('Delete 3 sessions? [y/N]')
    expect(await trash(home)).toEqual([])
    await asked(['sample000001'], 'y\r')
    expect(await trash(home)).toEqual(['Session 1'])
    await asked(['--all'], 'yes\r')
    expect(await trash(home)).toHaveLength(3)
  })

  test('--confirm asks at the prompt of the shell too', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(2))
    const { code, screen } = await onTerminal(
      home,
      [],
      [
        ['ainative> ', 'session delete sample000001 --confirm\r'],
        ['[y/N]', 'y\r'],
        ['ainative> ', 'session delete sample000002 --confirm\r'],
        ['[y/N]', 'n\r'],
        ['ainative> ', '\x04'],
      ],
    )
    expect([code, screen.match(/\[y\/N\]/g)?.length]).toEqual([0, 2])
    expect([await titles(home), await trash(home)]).toEqual([['Session 2'], ['Session 1']])
  })

  test('ids together with flags, and neither, are wrong usage; one bad id keeps all', async () => {
    const home = here(makeHome())
    await seed(home, sample(1))
    const wrong = [['sample000001', '--older-than', '1d'], []]
    const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'delete', ...words])))
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: session delete takes ids or selection flags, not both
      hint: leave out "sample000001", or the flags
      error: session delete requires session ids or selection flags
      hint: ainative-code session delete --help
      "
    `)
    await failure(home, 1, ['session', 'delete', 'sample000001', 'nothere00000'])
    expect(await titles(home)).toEqual(['Session 1'])
  })
})

describe('the trash', () => {
  test('is selected only by --status deleted', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(2))
    await home.ok('session', 'delete', 'sample000001')
    const exported = async (...flags: string[]) =>
      JSON.parse(await home.ok('session', 'export', '-o', '-', ...flags)).map((each: { id: string }) => each.id)
    expect(await exported('--all')).toEqual(['sample000002'])
    expect(await exported('--search', 'session')).toEqual(['sample000002'])
    expect(await exported('--status', 'deleted')).toEqual(['sample000001'])
    const [row] = await home.json('session', 'list', '--status', 'deleted', '--json')
    expect(Date.now() - Date.parse(row.deleted_at)).toBeLessThan(3_600_000)
  })

  test('a session in it cannot be deleted again, one outside it cannot be restored', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(2))
    await home.ok('session', 'delete', 'sample000001')
    const again = await failure(home, 1, ['session', 'delete', 'sample000001'])
    const there = await failure(home, 1, ['session', 'restore', 'sample000002'])
    expect(`${again}${there}`).toMatchInlineSnapshot(`
      "error: the session sample000001 is in the trash
      hint: ainative-code session restore sample000001 brings it back
      error: the session sample000002 is not in the trash
      hint: ainative-code session delete sample000002 moves it there
      "
    `)
  })

  test('restore takes several ids and -', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(3))
    await home.ok('session', 'delete', '--all', '--force')
    await home.ok('session', 'restore', 'sample000001', 'sample000002')
    await home.runWith({ input: 'sample000003\n' }, 'session', 'restore', '-')
    expect(await titles(home)).toHaveLength(3)
  })
})
