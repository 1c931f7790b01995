import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { day, failure, sample, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const LONG = 'x'.repeat(500)
const said = (role: string, content: string, more: object = {}) => ({ role, content, timestamp: day(1), ...more })
const tools = sample(1, {
  metadata: { tags: ['go', 'api\u001b[31m'], project: 'backend' },
  messages: [
    said('user', 'Read main.go'),
    said('assistant', '', {
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'read_file', arguments: '{"path":"main.go"}' } },
        { name: 'list', args: { path: '\u001b]0;evil\u0007' } },
        'nonsense',
        null,
        { function: { name: 5 } },
      ],
    }),
    said('tool', Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n'), { tool_call_id: 'c1' }),
    said('assistant', 'Done.', {
      parts: [
        { type: 'tool-call', id: 'x', name: 'grep', input: { pattern: LONG } },
        { type: 'tool-result', id: 'x', name: 'grep', output: [{ type: 'text', text: 'a\nb' }] },
        { type: 'reasoning', text: 'hm' },
        { type: 'tool_use', name: '__proto__', input: {} },
        7,
      ],
    }),
  ],
})

test('tool calls and results are lines below the content, shortened unless --full', async () => {
  const home = makeHome()
  await seed(home, tools)
  const short = await home.ok('session', 'show', 'sample000001')
  expect(short.replace(/^x+|x{9,}/gm, '<x>')).toMatchInlineSnapshot(`
    "Session: Session 1
    ID: sample000001
    Created: 2024-01-01 10:30:00
    Last Updated: 2024-01-01 10:30:00
    Provider: anthropic
    Model: claude-3-5-sonnet-20241022
    Messages: 4

    ─────────────────────────────────────────

    [User - 10:30:00]
    Read main.go

    [Assistant - 10:30:00]
    [tool call] read_file {"path":"main.go"}
    [tool call] list {"path":"\\u001b]0;evil\\u0007"}
    [tool call] unnamed

    [Tool - 10:30:00]
    line 1
    line 2
    line 3
    line 4
    line 5
    line 6
    line 7
    line 8
    line 9
    line 10
    line 11
    line 12

    [Assistant - 10:30:00]
    Done.

    [tool call] grep {"pattern":"<x> (354 more characters; --full shows them)
    [tool result] grep a b
    [tool call] __proto__ {}

    ─────────────────────────────────────────
    "
  `)
  const full = await home.ok('session', 'show', 'sample000001', '--full')
  expect(full).toContain(`[tool call] grep {\n  "pattern": "${LONG}"\n}\n[tool result] grep a\nb\n`)
  expect(await home.ok('session', 'show', 'sample000001', '--format', 'markdown', '-n', '1')).toContain(
    '\nDone.\n\n    [tool call] grep {"pattern":"xxx',
  )
  expect(await home.ok('session', 'export', 'sample000001', '-o', '-', '--format', 'text')).not.toContain('[tool')
})

test('a terminal shows status, project and tags, rules as wide as the text, and the beginning of what a tool said', async () => {
  const home = makeHome()
  await seed(home, tools, sample(2, { messages: talk('Hi', '数'.repeat(60)) }))
  const show = async (cols: number, env: NodeJS.ProcessEnv, ...words: string[]) =>
    (await onTerminal(home, ['session', 'show', ...words], [], { PAGER: 'cat', ...env }, cols)).screen.replaceAll('\r', '')
  const plain = await show(40, { NO_COLOR: '1', LANG: 'C' }, 'sample000001')
  expect(plain).toContain('ID: sample000001\nStatus: active\nProject: backend\nTags: go, api\u241b[31m\nCreated: 2024-01-01 10:30:00\n')
  expect(plain).toContain(`\n${'-'.repeat(40)}\n`)
  expect(plain).toContain('line 10\n(2 more lines; --full shows them)\n')
  for (const absent of ['\x1b', 'line 11', '\u2500']) expect(plain).not.toContain(absent)
  const coloured = await show(100, {}, 'sample000001', '-n', '3')
  expect(coloured).toContain('\x1b[1mTags:\x1b[22m \x1b[36mgo\x1b[39m, ')
  expect(await show(100, {}, 'sample000002', '--limit', '1')).toContain(`\n${'─'.repeat(33)}\n`)
  expect(await show(150, {}, 'sample000002')).toContain(`\n${'─'.repeat(100)}\n`)
})

test('-n shows the last messages, --raw their contents alone, --code their code alone', async () => {
  const home = makeHome()
  const reply = 'See:\n\n```ts\nlet a = 1\n```\n\n1. x\n   ~~~\n   \tb\n   ~~~\n\n    indented\n'
  await seed(home, sample(1, { messages: talk('one', 'two\r\n', 'three', reply, '\u001b[31mfour') }))
  const show = (...words: string[]) => home.ok('session', 'show', 'sample000001', ...words)
  expect(await show('--raw', '--limit', '3')).toBe('one\n\ntwo\r\n\nthree\n')
  expect(await show('-n', '1', '--raw')).toBe('\u001b[31mfour\n')
  expect(await show('--tail', '2', '--code')).toBe('let a = 1\n\n\tb\n')
  expect((await home.json('session', 'show', 'sample000001', '--tail', '2', '--json')).messages).toHaveLength(2)
  await home.ok('session', 'hide', 'sample000001', '5')
  expect(await show('-n1', '--raw')).toBe(reply)
  const wrong = [
    ['-n1', '--code', '--raw'],
    ['-n1', '--skip', '1'],
    ['--raw', '--json'],
    ['--code', '--query', 'id'],
    ['-n0'],
    ['--around', '1', '-n1'],
  ]
  const told = await Promise.all(wrong.map((flags) => failure(home, 2, ['session', 'show', 'sample000001', ...flags])))
  told.push(await failure(home, 1, ['session', 'show', 'sample000001', '--code', '--limit', '3']))
  expect(told.join('')).toMatchInlineSnapshot(`
    "error: --raw and --code cannot be combined
    error: --tail cannot be combined with --around, --summary, --skip or --limit
    error: --raw prints text: leave out --json, --format, --fields and --query
    error: --code prints text: leave out --json, --format, --fields and --query
    error: --tail "0": expected a whole number of 1 or more
    error: --tail cannot be combined with --around, --summary, --skip or --limit
    error: no selected message of sample000001 has a code block
    hint: ainative-code session show sample000001 --raw
    "
  `)
  const { screen } = await onTerminal(home, ['session', 'show', 'sample000001', '--hidden', '-n1', '--raw'], [], { PAGER: 'cat' })
  expect(screen).toBe('\u241b[31mfour\r\n')
})
