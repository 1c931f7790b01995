import { describe, expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { failure, filesIn, sample, samples, seed, talk } from '../helpers/seed.ts'

describe('the file of an export', () => {
  test('of one session is the object of the guide, in session-<id>.json', async () => {
    const home = makeHome()
    const project = { tags: ['go', 'rest-api'], project: 'backend-service' }
    await seed(home, sample(15, { metadata: project, messages: talk('How?', 'So.').map((each, i) => ({ ...each, id: `m${i}` })) }))
    expect(await home.ok('session', 'export', 'sample000015')).toMatchInlineSnapshot(`
      "Exported 1 session to session-sample000015.json
      "
    `)
    expect(home.read('session-sample000015.json')).toMatchInlineSnapshot(`
      "{
        "id": "sample000015",
        "title": "Session 15",
        "created_at": "2024-01-15T10:30:00Z",
        "updated_at": "2024-01-15T10:30:00Z",
        "provider": "anthropic",
        "model": "claude-3-5-sonnet-20241022",
        "metadata": {
          "tags": [
            "go",
            "rest-api"
          ],
          "project": "backend-service"
        },
        "messages": [
          {
            "role": "user",
            "content": "How?",
            "timestamp": "2024-01-01T10:00:00Z",
            "id": "m0"
          },
          {
            "role": "assistant",
            "content": "So.",
            "timestamp": "2024-01-01T10:01:00Z",
            "id": "m1"
          }
        ]
      }
      "
    `)
    expect(filesIn(home)).toEqual(['session-sample000015.json'])
  })

  test('is an array for several ids, flags and --all, even of one or none', async () => {
    const home = makeHome()
    await seed(home, ...samples(3))
    const written = async (...words: string[]) => JSON.parse(await home.ok('session', 'export', ...words, '-o', '-'))
    const [two, all, flags, none, one] = await Promise.all([
      written('sample000003', 'sample000001'),
      written('--all'),
      written('--search', 'session 2'),
      written('--search', 'nothing'),
      written('sample000002'),
    ])
    expect(two.map((each: { id: string }) => each.id)).toEqual(['sample000003', 'sample000001'])
    expect(all.map((each: { id: string }) => each.id)).toEqual(['sample000001', 'sample000002', 'sample000003'])
    expect([flags.length, none, one.id]).toEqual([1, [], 'sample000002'])
  })

  test('of several sessions without -o is sessions.<ext>', async () => {
    const home = makeHome()
    await seed(home, ...samples(2))
    expect(await home.ok('session', 'export', 'sample000001', 'sample000002')).toMatchInlineSnapshot(`
      "Exported 2 sessions to sessions.json
      "
    `)
    await home.ok('session', 'export', '--all', '--format', 'jsonl')
    await home.ok('session', 'export', '--all', '--format', 'markdown')
    await home.ok('session', 'export', '--all', '--format', 'text')
    await home.ok('session', 'export', 'sample000001', '--format', 'markdown')
    expect(filesIn(home)).toEqual(['session-sample000001.md', 'sessions.json', 'sessions.jsonl', 'sessions.md', 'sessions.txt'])
    expect(
      home
        .read('sessions.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['sample000001', 'sample000002'])
  })
})

test('a failed export leaves the old file and no other', async () => {
  const home = makeHome()
  await seed(home, ...samples(3))
  home.write('all.json', 'old')
  const wrong = ['session', 'export', '--where', 'id = "sample000001" ? true : title', '-o', 'all.json']
  expect(await failure(home, 1, wrong)).toContain('--where returned')
  expect([filesIn(home), home.read('all.json')]).toEqual([['all.json'], 'old'])
})

test('a format that is not registered, no ids, and ids with flags or --all are wrong usage', async () => {
  const home = makeHome()
  await seed(home, sample(1))
  const wrong = [[], ['sample000001', '--all'], ['sample000001', '--tag', 'x']]
  const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'export', ...words])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: session export requires session ids, --all or selection flags
    hint: ainative-code session export --help
    error: session export takes ids or selection flags, not both
    hint: leave out "sample000001", or the flags
    error: session export takes ids or selection flags, not both
    hint: leave out "sample000001", or the flags
    "
  `)
  const format = await home.run('session', 'export', 'sample000001', '--format', 'markdwon')
  expect([format.code > 0, format.stderr]).toMatchInlineSnapshot(`
    [
      true,
      "error: there is no format "markdwon"
    hint: did you mean markdown?
    ",
    ]
  `)
  expect(filesIn(home)).toEqual([])
})

test('the ending of the file chooses the format; one that no format has is an error', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi') }), sample(2))
  for (const file of ['a.md', 'b.TXT', 'c.jsonl', 'd.json', 'e', '{title}.md'])
    await home.ok('session', 'export', 'sample000001', '-o', file)
  expect(home.read('a.md')).toMatch(/^# Session 1\n/)
  expect(home.read('b.TXT')).toMatch(/^Session: Session 1\n/)
  expect(home.read('c.jsonl').split('\n')).toHaveLength(2)
  expect(home.read('e')).toBe(home.read('d.json'))
  expect(home.read('Session 1.md')).toBe(home.read('a.md'))
  expect(await failure(home, 2, ['session', 'export', '--all', '-o', 'a.m'])).toMatchInlineSnapshot(`
    "error: no format has the ending ".m"; the formats are json (.json), jsonl (.jsonl), markdown (.md), text (.txt)
    hint: did you mean .md?
    "
  `)
  expect(await failure(home, 2, ['session', 'export', 'sample000001', '-o', 'notes.html'])).toMatch(
    /has the ending "\.html"; the formats are json \(\.json\)/,
  )
  await home.ok('session', 'export', 'sample000001', '-o', 'notes.html', '--format', 'markdown')
  expect(home.read('notes.html')).toBe(home.read('a.md'))
})
