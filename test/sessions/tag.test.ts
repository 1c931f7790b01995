import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed, titles } from '../helpers/seed.ts'

const tagsOf = async (home: Home, ...flags: string[]) =>
  Object.fromEntries(
    (await home.json('session', 'list', '--all', '--format', 'json', ...flags)).map((row: { id: string; tags: string[] }) => [
      row.id,
      row.tags,
    ]),
  )

test('tag adds tags in order, each once; untag removes them', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { metadata: { tags: ['old'] } }))
  expect(await home.ok('session', 'tag', 'sample000001', 'go', 'rest-api', 'go', 'old')).toMatchInlineSnapshot(`
    "Tagged sample000001: go, rest-api, go, old
    "
  `)
  expect(await tagsOf(home)).toEqual({ sample000001: ['old', 'go', 'rest-api'] })
  expect(await home.run('session', 'untag', 'sample000001', 'old,never-there', 'og')).toEqual({
    code: 0,
    stdout: 'Untagged sample000001: old\n',
    stderr: 'sample000001 has no tag "never-there"\nsample000001 has no tag "og"; did you mean "go"?\n',
  })
  expect(await tagsOf(home)).toEqual({ sample000001: ['go', 'rest-api'] })
  expect([await titles(home, '--tag', 'go'), await titles(home, '--tag', 'old')]).toEqual([['Session 1'], []])
})

test('tagging makes a session newer, and keeps its title, metadata and date of creation', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { metadata: { tags: [], project: 'x' } }))
  const [before] = await home.json('session', 'list', '--json')
  await home.ok('session', 'tag', 'sample000001', 'go')
  const [{ updated_at, ...after }] = await home.json('session', 'list', '--json')
  expect(after).toEqual({ ...before, tags: ['go'], updated_at: undefined })
  expect(updated_at > before.updated_at).toBe(true)
})

test('- stands for the ids on standard input, as words or as JSON lines', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2), sample(3))
  await home.runWith({ input: 'sample000001\r\n\nsample000002' }, 'session', 'tag', '-', 'a', 'b')
  const rows = await home.ok('session', 'list', '--format', 'jsonl')
  await home.runWith({ input: rows }, 'session', 'tag', '-', 'c')
  await home.runWith({ input: 'sample000001\n' }, 'session', 'untag', '-', 'a')
  expect(await tagsOf(home)).toEqual({ sample000001: ['b', 'c'], sample000002: ['a', 'b', 'c'], sample000003: ['c'] })
})

test('a title with any line separator does not break the JSON lines of a pipe', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { title: 'a\u2028b\u2029c\u0085d\re\nf' }))
  const rows = await home.ok('session', 'list', '--format', 'jsonl')
  expect(await home.runWith({ input: rows }, 'session', 'tag', '-', 'piped')).toMatchObject({ code: 0, stderr: '' })
  expect(await tagsOf(home)).toEqual({ sample000001: ['piped'] })
})

test('selection flags take the place of the id, and then all words are tags', async () => {
  const home = makeHome()
  await seed(home, sample(1, { metadata: { project: 'x' } }), sample(2, { metadata: { project: 'x', tags: ['go'] } }), sample(3))
  await home.ok('session', 'archive', 'sample000001')
  expect(await home.ok('session', 'tag', '--project', 'x', 'done', 'really')).toMatchInlineSnapshot(`
    "Tagged 2 sessions: done, really
    "
  `)
  expect(await tagsOf(home)).toEqual({ sample000001: ['done', 'really'], sample000002: ['go', 'done', 'really'], sample000003: [] })
  await home.ok('session', 'untag', 'really', '--tag', 'done', '--tag', 'go', '--where', '"done" in tags')
  expect(await tagsOf(home)).toEqual({ sample000001: ['done', 'really'], sample000002: ['go', 'done'], sample000003: [] })
})

test('an id beside selection flags, no id and no tag are wrong usage', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { metadata: { project: 'x', tags: [] } }))
  const wrong = [
    ['sample000001', '--project', 'x', 'go'],
    ['-', '--project', 'x', 'go'],
    [],
    ['sample000001'],
    ['--project', 'x'],
    ['sample000001', ' '],
  ]
  const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'tag', ...words])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: session tag takes an id or selection flags, not both
    hint: leave out "sample000001", or the flags
    error: session tag takes an id or selection flags, not both
    hint: leave out "-", or the flags
    error: session tag requires a session id
    hint: ainative-code session tag --help
    error: session tag requires a tag
    hint: ainative-code session tag --help
    error: session tag requires a tag
    hint: ainative-code session tag --help
    error: a tag cannot be blank: " "
    "
  `)
  expect(await tagsOf(home)).toEqual({ sample000001: [] })
})

test('one unknown id among many leaves all as they were', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2))
  const input = 'sample000001\nsample000002\nnowhere00001\n'
  const { code } = await home.runWith({ input }, 'session', 'tag', '-', 'go')
  expect([code, await tagsOf(home)]).toEqual([1, { sample000001: [], sample000002: [] }])
})

test('any word may be a tag', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const odd = ['007', '1e5', 'a=b', '{"a":1}', 'with space', 'Ünï', '🏷️', '-5', '__proto__', 'true', 'null']
  await home.ok('session', 'tag', 'sample000001', ...odd)
  await home.ok('session', 'tag', 'sample000001', '--', '--dashed')
  expect(await tagsOf(home)).toEqual({ sample000001: [...odd, '--dashed'] })
  const found = await Promise.all(odd.map((tag) => titles(home, '--tag', tag)))
  expect(found).toEqual(odd.map(() => ['Session 1']))
})

test('a comma splits tags in every command; a tag of an import may hold one', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { metadata: { tags: ['x,y'] } }), sample(2))
  await home.ok('session', 'tag', 'sample000002', 'go, api,', 'x')
  expect(await tagsOf(home)).toEqual({ sample000001: ['x,y'], sample000002: ['go', 'api', 'x'] })
  expect(await titles(home, '--tag', 'api,go')).toEqual(['Session 2'])
  expect(await titles(home, '--tag', 'api,none')).toEqual([])
  expect(await titles(home, '--tag', 'x,y')).toEqual(['Session 1'])
  await home.ok('session', 'untag', 'sample000001', 'x,y')
  expect((await home.run('session', 'untag', '--search', 'Session', 'none')).stderr).toBe('none of the 2 sessions has the tag "none"\n')
  expect(await failure(home, 2, ['session', 'tag', 'sample000001', ','])).toBe('error: a tag cannot be blank: ","\n')
  expect(await tagsOf(home)).toEqual({ sample000001: [], sample000002: ['go', 'api', 'x'] })
})
