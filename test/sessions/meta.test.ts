import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, script, seed, titles } from '../helpers/seed.ts'

describe('meta', () => {
  test('prints the list of the guide', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { title: 'REST API Development', metadata: { tags: ['go', 'rest-api', 'authentication'] } }))
    await script(
      home,
      'session meta sample000001 project "backend-service"',
      'session meta sample000001 priority high',
      'session meta sample000001 status active',
    )
    expect(await home.ok('session', 'meta', 'sample000001')).toMatchInlineSnapshot(`
      "Title: REST API Development
      Tags: go, rest-api, authentication
      Project: backend-service
      Priority: high
      Status: active
      "
    `)
  })

  test('prints one value, or says which keys there are', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { metadata: { project: 'x', list: [1, { a: 2 }] } }))
    expect(await home.ok('session', 'meta', 'sample000001', 'project')).toBe('x\n')
    expect(await home.ok('session', 'meta', 'sample000001', 'list')).toBe('[1,{"a":2}]\n')
    expect((await home.run('session', 'meta', 'sample000001', 'projct')).stderr).toMatchInlineSnapshot(`
      "error: sample000001 has no metadata "projct"
      hint: did you mean project?
      "
    `)
  })

  test('with --parse, the fields of a session take JSON too', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { metadata: { tags: ['old'] } }))
    const set = (key: string, value: string) => home.run('session', 'meta', 'sample000001', key, value, '--parse')
    for (const [key, value] of Object.entries({ title: '"New"', tags: '["go","a,b"]', status: '"paused"', archived: 'true' }))
      expect(await set(key, value)).toMatchObject({ code: 0 })
    expect(await home.ok('session', 'meta', 'sample000001', 'tags')).toBe('["go","a,b"]\n')
    expect(await titles(home)).toEqual([])
    expect(await titles(home, '--status', 'archived')).toEqual(['New'])
    const refused = { title: '5', tags: '5', status: '["active"]' }
    expect(await Promise.all(Object.entries(refused).map(async ([key, value]) => (await set(key, value)).stderr))).toMatchInlineSnapshot(`
      [
        "error: title cannot be 5
      hint: expected a text
      ",
        "error: tags cannot be 5
      hint: expected a list of texts that are not blank
      ",
        "error: status cannot be ["active"]
      hint: one of active, paused, archived
      ",
      ]
    `)
  })

  test('sets a value, which stays text unless --parse', async () => {
    const home = here(makeHome())
    await seed(home, sample(1))
    expect(await home.ok('session', 'meta', 'sample000001', 'sprint', '12')).toMatchInlineSnapshot(`
      "Set sprint of sample000001 to 12
      "
    `)
    const values = { a: '007', b: '1e5', c: 'true', d: '{"a":1}', e: '', f: 'x=y', g: ' ', h: '-5' }
    await script(home, ...Object.entries(values).map(([key, value]) => `session meta sample000001 ${key} '${value}'`))
    await script(home, `session meta sample000001 i '{"x":[1,null]}' --parse`, 'session meta sample000001 j 1e5 --parse')
    const [{ metadata }] = await home.json('session', 'list', '--json')
    expect(metadata).toEqual({ sprint: '12', ...values, i: { x: [1, null] }, j: 100000 })
    expect(await failure(home, 2, ['session', 'meta', 'sample000001', 'k', '{bad', '--parse'])).toMatchInlineSnapshot(`
      "error: --parse requires a JSON value; expected JSON: {bad
      hint: leave out --parse to store the value as text
      "
    `)
  })

  test('reaches the title, the tags and the status themselves', async () => {
    const home = here(makeHome())
    await seed(home, sample(1, { metadata: { tags: ['old'] } }), sample(2), sample(3))
    const { stderr } = await script(
      home,
      'session meta sample000001 title "A new title"',
      'session meta sample000001 tags "b, a,,b"',
      'session meta sample000001 status paused',
      'session meta sample000002 archived true',
      'session meta sample000003 archived true',
      'session meta sample000003 archived false',
    )
    expect(stderr).toBe('')
    const rows = await home.json('session', 'list', '--all', '--reverse', '--format', 'json')
    expect(rows[0]).toMatchObject({ title: 'A new title', tags: ['b', 'a'], status: 'paused', metadata: {} })
    expect(rows.slice(1).map((row: { status: string; metadata: object }) => [row.status, row.metadata])).toEqual([
      ['archived', {}],
      ['active', {}],
    ])
    expect(await titles(home)).toEqual(['Session 3', 'A new title'])
  })

  test('refuses states that there are not, blank titles and blank keys', async () => {
    const home = here(makeHome())
    await seed(home, sample(1))
    const wrong = [
      ['status', 'done'],
      ['status', 'archive'],
      ['archived', 'yes'],
      ['title', ' '],
      ['', 'x'],
      ['a', '1', '--unset', 'b'],
      ['--unset', 'b'],
    ]
    const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'meta', 'sample000001', ...words])))
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: status cannot be "done"
      hint: one of active, paused, archived
      error: status cannot be "archive"
      hint: did you mean archived?
      error: archived cannot be "yes"
      hint: one of true, false
      error: a title cannot be blank
      error: a metadata key cannot be blank
      error: session meta takes a key or --unset, not both
      error: sample000001 has no metadata "b"
      "
    `)
  })

  test('refuses a key that equals sync except for case, which would not keep the session on this device', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    expect(await failure(home, 2, ['session', 'meta', 'sample000001', 'Sync', 'local-only'])).toMatchInlineSnapshot(`
      "error: a metadata key cannot be "Sync": the key that keeps a session on this device is sync
      hint: ainative-code session meta sample000001 sync local-only
      "
    `)
    await home.ok('session', 'meta', 'sample000001', 'sync', 'local-only')
    const shell = await script(home, 'session meta sample000001 SYNC true --parse')
    expect(shell.stderr).toContain('a metadata key cannot be "SYNC"')
    expect((await here(home).json('session', 'list', '--json'))[0].metadata).toEqual({ sync: 'local-only' })
  })

  test('keeps its keys in the order in which they were first set', async () => {
    const home = here(makeHome())
    await seed(home, sample(1))
    await script(
      home,
      ...['zeta 1', 'alpha 2', '__proto__ 3', 'zeta 4', 'constructor 5'].map((words) => `session meta sample000001 ${words}`),
    )
    await home.ok('session', 'meta', 'sample000001', '--unset', 'alpha')
    await home.ok('session', 'meta', 'sample000001', 'alpha', '6')
    expect(await home.ok('session', 'meta', 'sample000001')).toMatchInlineSnapshot(`
      "Title: Session 1
      Tags: 
      Zeta: 4
      __proto__: 3
      Constructor: 5
      Alpha: 6
      Status: active
      "
    `)
  })

  test('- sets the same for the sessions on standard input', async () => {
    const home = here(makeHome())
    await seed(home, sample(1), sample(2), sample(3))
    const set = await home.runWith({ input: 'sample000001\nsample000003\n' }, 'session', 'meta', '-', 'project', 'x')
    expect(set.stdout).toMatchInlineSnapshot(`
      "Set project of 2 sessions to x
      "
    `)
    expect(await titles(home, '--project', 'x')).toEqual(['Session 3', 'Session 1'])
    expect((await home.runWith({ input: 'sample000001\nsample000003\n' }, 'session', 'meta', '-')).stdout).toMatchInlineSnapshot(`
      "Title: Session 1
      Tags: 
      Project: x
      Status: active

      Title: Session 3
      Tags: 
      Project: x
      Status: active
      "
    `)
  })

  test('--project finds only texts, and follows what is set and unset', async () => {
    const home = here(makeHome())
    await seed(home, sample(1), sample(2, { metadata: { project: 7 } }))
    await home.ok('session', 'meta', 'sample000001', 'project', '7')
    expect(await titles(home, '--project', '7')).toEqual(['Session 1'])
    await home.ok('session', 'meta', 'sample000001', '--unset', 'project')
    expect(await titles(home, '--project', '7')).toEqual([])
  })

  test('takes no selection flags', async () => {
    const home = here(makeHome())
    await seed(home, sample(1))
    expect(await failure(home, 2, ['session', 'meta', '--project', 'x', 'a', 'b'])).toContain('session meta has no flag --project')
  })
})
