import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, importText, sample, samples, seed, talk, titles } from '../helpers/seed.ts'

const two = [sample(1, { messages: talk('a') }), sample(2)]

describe('import reads', () => {
  test('an object, an array, {"sessions": […]} and JSON lines', async () => {
    const [one, other] = two.map((each) => JSON.stringify(each)) as [string, string]
    const shapes: [text: string, count: number][] = [
      [one, 1],
      [JSON.stringify(two[0], null, 2), 1],
      [`[${one},${other}]`, 2],
      [JSON.stringify(two, null, '\t'), 2],
      ['[]', 0],
      [`{"sessions":[${one},${other}]}`, 2],
      [`{"version":1,"about":{"sessions":[1]},"sessions":[\n${one} ,\n${other}\n],"after":[{}]}`, 2],
      [`{"sessions":[]}`, 0],
      [`${one}\n${other}\n`, 2],
      [`\n${one}\r\n\r\n${other}`, 2],
      [`\ufeff[${one}]`, 1],
    ]
    const results = await Promise.all(
      shapes.map(async ([text], i) => {
        const home = here(makeHome())
        // From standard input, the program; from a file, this process.
        const { code, stderr } =
          i % 4 === 0 ? await importText(home, text) : await home.run('session', 'import', '-i', home.write('in.json', text))
        return { text, code, stderr, titles: (await titles(here(home))).length }
      }),
    )
    expect(results).toEqual(shapes.map(([text, count]) => ({ text, code: 0, stderr: '', titles: count })))
  })

  test('a file, several files, standard input and a folder', async () => {
    const home = makeHome()
    home.write('backups/b.json', JSON.stringify(sample(2)))
    home.write('backups/a.jsonl', `${JSON.stringify(sample(1))}\n`)
    home.write('backups/notes.txt', 'not JSON')
    home.write('backups/deep/c.json', 'not JSON')
    home.write('one.json', JSON.stringify(sample(3)))
    home.write('two.json', JSON.stringify(sample(4)))
    expect(await home.ok('session', 'import', '--dir', '~/backups/')).toMatchInlineSnapshot(`
      "Imported 2 sessions (0 messages)
      "
    `)
    expect(await home.ok('session', 'import', '-i', 'one.json', '-i', home.path('two.json'))).toMatchInlineSnapshot(`
      "Imported 2 sessions (0 messages)
      "
    `)
    expect((await importText(home, JSON.stringify(sample(5, { messages: talk('a', 'b') })))).stdout).toMatchInlineSnapshot(`
      "Imported 1 session (2 messages)
      "
    `)
    expect(await titles(here(home))).toHaveLength(5)
  })

  test('a session whose messages span many chunks of the file', async () => {
    const home = here(makeHome())
    const long = Array.from({ length: 40 }, (_, i) => `${i} ${'é🚀"\\\n{}[],'.repeat(10_000)}`)
    await seed(home, sample(1, { messages: talk(...long) }), sample(2))
    const shown = await home.json('session', 'show', 'sample000001', '--json')
    expect(shown.messages.map((each: { content: string }) => each.content)).toEqual(long)
  })
})

describe('import', () => {
  test('gives a message of a file with times the id that earlier versions gave it', async () => {
    const home = makeHome()
    const at = { timestamp: '2024-01-01T10:00:00Z' }
    const [a, b] = ['a', 'b'].map((content) => ({ role: 'user', content }))
    const session = { title: 'T', id: 'sample000001' }
    const created = { title: 'T', id: 'sample000002', created_at: at.timestamp, messages: [a, a] }
    await importText(home, JSON.stringify([{ ...session, messages: [{ ...a, ...at }, { ...a, ...at }, b] }, created]))
    const ids = async (id: string) =>
      (await here(home).json('session', 'show', id, '--json')).messages.map((message: { id: string }) => message.id)
    expect(await ids('sample000001')).toEqual(['1KATNE0AC0YY6GTK87GQDER6R6', '2KDHXEET9W0K8ZJQTZEBJ4RPZY', '5W0HHQT0SMKF45GBH0HV9FENPX'])
    expect(await ids('sample000002')).toEqual(['514K6M9GW30QTYM5WQXY8PQSEQ', '4SJEVY3DRH6CYMTP0M0VP0HCTB'])
  })

  test('--new-id makes a copy with ids of its own, and activates nothing', async () => {
    const home = makeHome()
    const active = await home.create('--title', 'Active')
    const messages = talk('a', 'b').map((each, i) => ({ ...each, id: `m${i}` }))
    await seed(home, sample(1, { messages }))
    await home.ok('session', 'import', '-i', 'seed.json', '--new-id')
    const rows = await here(home).json('session', 'list', '--search', 'Session', '--json')
    expect(rows).toHaveLength(2)
    expect(rows.filter((row: { id: string }) => /^[0-9a-z]{12}$/.test(row.id) && row.id !== 'sample000001')).toHaveLength(1)
    const sessions = JSON.parse(await here(home).ok('session', 'export', '--search', 'Session', '-o', '-'))
    const ids = sessions.flatMap((each: { messages: { id: string }[] }) => each.messages.map(({ id }) => id))
    expect(new Set(ids).size).toBe(4)
    const activated = (await here(home).json('session', 'list', '--json')).filter((row: object) => 'activated_at' in row)
    expect(activated.map((row: { id: string }) => row.id)).toEqual([active])
  })

  test('--title names the one session; with several it is wrong usage', async () => {
    const home = makeHome()
    home.write('one.json', JSON.stringify(sample(1)))
    home.write('many.json', JSON.stringify(samples(3)))
    await home.ok('session', 'import', '-i', 'one.json', '--title', 'Imported "Session"')
    expect(await titles(here(home))).toEqual(['Imported "Session"'])
    const said = [
      await failure(home, 2, ['session', 'import', '-i', 'many.json', '--new-id', '--title', 'T']),
      await failure(home, 2, ['session', 'import', '-i', 'one.json', '-i', 'one.json', '--new-id', '--title', 'T']),
      await failure(home, 2, ['session', 'import', '-i', 'one.json', '--new-id', '--title', ' ']),
      await failure(home, 2, ['session', 'import']),
    ]
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: --title requires a file with one session, but there are several
      error: --title requires a file with one session, but there are several
      error: --title " ": a title cannot be blank
      error: session import requires a file
      hint: add -i FILE, -i - for standard input, or --dir FOLDER
      "
    `)
    expect(await titles(here(home))).toHaveLength(1)
  })

  test('--dry-run says what would be imported, and imports nothing', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    home.write('more.json', JSON.stringify(two))
    expect(await home.ok('session', 'import', '-i', 'more.json', '--dry-run', '--skip-existing')).toMatchInlineSnapshot(`
      "Would import 1 session (0 messages), 1 skipped
      "
    `)
    expect((await home.run('session', 'import', '-i', 'more.json', '--dry-run')).code).toBe(1)
    expect(await titles(here(home))).toEqual(['Session 1'])
  })

  test('refuses an id that is there, or in the trash, or twice in the file', async () => {
    const home = here(makeHome())
    await seed(home, sample(1), sample(2))
    await home.ok('session', 'delete', 'sample000002')
    const said = await Promise.all(
      [[sample(1), sample(3)], [sample(2)], [sample(4), sample(4)]].map(async (sessions) => {
        const { code, stdout, stderr } = await importText(home, JSON.stringify(sessions))
        expect([code, stdout]).toEqual([1, ''])
        return stderr
      }),
    )
    expect(said.join('')).toMatchInlineSnapshot(`
      "standard input: session 1: there is already a session sample000001 (--new-id imports a copy, --skip-existing skips the session, --merge adds its new messages)
      error: nothing was imported: 1 of 2 sessions is invalid
      hint: --keep-going skips invalid sessions and imports the others
      standard input: session 1: the session sample000002 is in the trash (ainative-code session restore sample000002 brings it back; --new-id imports a copy)
      error: nothing was imported: 1 of 1 session is invalid
      standard input: session 2: the session sample000004 occurs twice in this import (--new-id assigns new ids, --skip-existing imports only the first)
      error: nothing was imported: 1 of 2 sessions is invalid
      hint: --keep-going skips invalid sessions and imports the others
      "
    `)
    expect(await titles(home, '--all')).toEqual(['Session 1'])
  })

  test('--skip-existing leaves what is there, in the trash too', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { messages: talk('mine') }), sample(2))
    await home.ok('session', 'delete', 'sample000002')
    const changed = [1, 2, 3].map((number) => sample(number, { title: 'Theirs', messages: talk('theirs') }))
    expect((await importText(home, JSON.stringify([...changed, sample(3)]), '--skip-existing')).stdout).toMatchInlineSnapshot(`
      "Imported 1 session (1 message), 3 skipped
      "
    `)
    expect([await titles(here(home)), await titles(home, '--status', 'deleted')]).toEqual([['Theirs', 'Session 1'], ['Session 2']])
    expect(await home.ok('session', 'show', 'sample000001')).toContain('mine')
  })

  test('--new-id, --skip-existing and --merge cannot be combined', async () => {
    const home = here(makeHome())
    home.write('one.json', JSON.stringify(sample(1)))
    expect(await failure(home, 2, ['session', 'import', '-i', 'one.json', '--merge', '--new-id'])).toMatchInlineSnapshot(`
      "error: --new-id, --skip-existing and --merge cannot be combined
      "
    `)
  })
})
