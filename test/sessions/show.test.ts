import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { day, failure, sample, seed, talk } from '../helpers/seed.ts'

const talks = (count: number) => sample(1, { messages: talk(...Array.from({ length: count }, (_, i) => `message ${i + 1}`)) })

test('show prints the text form of the guide', async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(15, {
      title: 'REST API Development',
      updated_at: day(15, 14, 22),
      messages: [
        { role: 'system', content: 'Be brief.', timestamp: '2024-01-15T10:30:00Z' },
        { role: 'user', content: 'How do I create a REST API in Go?', timestamp: '2024-01-15T10:30:05Z' },
        { role: 'assistant', content: 'Use **net/http**.\n\n```go\nmain()\n```', timestamp: '2024-01-15T10:30:15.250Z' },
        { role: 'tool', content: '{"ok":true}', timestamp: '2024-01-15T10:35:20Z' },
      ],
    }),
  )
  expect(await home.ok('session', 'show', 'sample000015')).toMatchInlineSnapshot(`
    "Session: REST API Development
    ID: sample000015
    Created: 2024-01-15 10:30:00
    Last Updated: 2024-01-15 14:22:00
    Provider: anthropic
    Model: claude-3-5-sonnet-20241022
    Messages: 4

    ─────────────────────────────────────────

    [System - 10:30:00]
    Be brief.

    [User - 10:30:05]
    How do I create a REST API in Go?

    [Assistant - 10:30:15]
    Use **net/http**.

    \`\`\`go
    main()
    \`\`\`

    [Tool - 10:35:20]
    {"ok":true}

    ─────────────────────────────────────────
    "
  `)
  expect(await home.ok('session', 'show', 'sample000015', '--format', 'text')).toBe(await home.ok('session', 'show', 'sample000015'))
})

test('times are shown where the person is', async () => {
  const home = makeHome({ TZ: 'Asia/Kolkata' })
  await seed(home, sample(15, { messages: talk('Hi') }))
  const out = await home.ok('session', 'show', 'sample000015')
  expect(out).toContain('Created: 2024-01-15 16:00:00\n')
  expect(out).toContain('[User - 15:30:00]\n')
})

test('a session without provider and model shows none', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { provider: null, model: null }))
  expect(await home.ok('session', 'show', 'sample000001', '--summary')).toMatchInlineSnapshot(`
    "Session: Session 1
    ID: sample000001
    Created: 2024-01-01 10:30:00
    Last Updated: 2024-01-01 10:30:00
    Messages: 0
    "
  `)
})

test('--skip and --limit choose messages', async () => {
  const home = here(makeHome())
  await seed(home, talks(25))
  const shown = async (...flags: string[]) =>
    (await home.json('session', 'show', 'sample000001', '--format', 'json', ...flags)).messages.map((each: { content: string }) =>
      Number(each.content.slice(8)),
    )
  const [first, middle, last, past] = await Promise.all([
    shown('--limit', '5'),
    shown('--skip', '10', '--limit', '10'),
    shown('--skip', '20'),
    shown('--skip', '30'),
  ])
  expect(first).toEqual([1, 2, 3, 4, 5])
  expect(middle).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  expect(last).toEqual([21, 22, 23, 24, 25])
  expect(past).toEqual([])
  expect(await home.ok('session', 'show', 'sample000001', '--skip', '23', '--limit', '1')).toMatchInlineSnapshot(`
    "Session: Session 1
    ID: sample000001
    Created: 2024-01-01 10:30:00
    Last Updated: 2024-01-01 10:30:00
    Provider: anthropic
    Model: claude-3-5-sonnet-20241022
    Messages: 25

    ─────────────────────────────────────────

    [Assistant - 10:23:00]
    message 24

    ─────────────────────────────────────────
    "
  `)
})

test('--format json is what export writes', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi', 'Hello'), metadata: { tags: ['a'], b: { c: [1] } }, unknown: [1] }))
  const shown = await home.ok('session', 'show', 'sample000001', '--format', 'json')
  await home.ok('session', 'export', 'sample000001')
  expect(shown).toBe(home.read('session-sample000001.json'))
  const summary = await home.json('session', 'show', 'sample000001', '--summary', '--format', 'json')
  expect(summary).not.toHaveProperty('messages')
})

test('--format markdown prints a document', async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, { title: 'A title\nof two lines', metadata: { tags: ['go', 'api'] }, messages: talk('Hi *there*', '# Hello') }),
  )
  expect(await home.ok('session', 'show', 'sample000001', '--format', 'markdown')).toMatchInlineSnapshot(`
    "# A title of two lines

    - **ID:** sample000001
    - **Created:** 2024-01-01 10:30:00
    - **Last Updated:** 2024-01-01 10:30:00
    - **Provider:** anthropic
    - **Model:** claude-3-5-sonnet-20241022
    - **Messages:** 2
    - **Tags:** go, api

    ## User (2024-01-01 10:00:00)

    Hi *there*

    ## Assistant (2024-01-01 10:01:00)

    # Hello
    "
  `)
})

test('piped, the bytes of a message are printed as they are', async () => {
  const home = here(makeHome())
  const content = '\x1b[31mred\x1b[0m **bold**\r\n\ttab \x07 \u202e'
  await seed(home, sample(1, { messages: talk(content) }))
  for (const format of ['text', 'markdown']) {
    const argv = ['session', 'show', 'sample000001', '--format', format]
    const stdout = await home.ok(...argv)
    expect(stdout.replace(content, '')).not.toContain('\x1b')
    expect(stdout).toContain(`\n${content}\n`)
    expect((await home.runWith({ env: { FORCE_COLOR: '1' } }, ...argv)).stdout).toContain(`\n${content}\n`)
  }
})

test('several sessions, and those that standard input names, are shown one after another', async () => {
  const home = here(makeHome())
  await seed(home, sample(1), sample(2), sample(3))
  const three = await home.ok('session', 'show', 'sample000002', 'sample000001', 'sample000003', '--summary')
  expect([...three.matchAll(/^ID: (.*)$/gm)].map(([, id]) => id)).toEqual(['sample000002', 'sample000001', 'sample000003'])
  const input = 'sample000002\n\nsample000001\nsample000003\n'
  expect((await home.runWith({ input }, 'session', 'show', '-', '--summary')).stdout).toBe(three)
})

test('no id, an unknown format and wrong numbers are wrong usage', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  const wrong = [[], ['sample000001', '--format', 'markdwon'], ['sample000001', '--limit', '0'], ['sample000001', '--skip', '-1']]
  const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'show', ...words])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: session show requires a session id
    hint: ainative-code session list lists the ids
    error: session show has no format "markdwon"
    hint: did you mean markdown?
    error: --limit "0": expected a whole number of 1 or more
    error: --skip "-1": expected a whole number
    "
  `)
})

test('a deleted session is not shown; the hint says how to bring it back', async () => {
  const home = here(makeHome())
  await seed(home, sample(1))
  await home.ok('session', 'delete', 'sample000001')
  expect(await failure(home, 1, ['session', 'show', 'sample000001'])).toMatchInlineSnapshot(`
    "error: the session sample000001 is in the trash
    hint: ainative-code session restore sample000001 brings it back
    "
  `)
})
