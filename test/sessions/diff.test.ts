import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { sample, script, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

test('of two forks: the common part once, then each; of others that they are not forks', async () => {
  const home = makeHome()
  const [a] = await seed(
    home,
    sample(1, { title: 'Whole', messages: talk('one', 'two', 'three', 'four') }),
    sample(2, { messages: talk('x') }),
  )
  const { id: b } = await home.json('session', 'fork', a as string, '--at', '2', '--title', 'Half', '--json')
  const { id: c } = await home.json('session', 'fork', a as string, '--at', '3', '--title', 'More', '--json')
  const text = await home.ok('session', 'diff', a as string, b)
  expect(text.replaceAll(b, '<b>')).toMatchInlineSnapshot(`
    "sample000001: Whole
    <b>: Half

    ────────────────────────────────────────────────────────────
    In both sessions: 2 messages

    [User - 10:00:00]
    one

    [Assistant - 10:01:00]
    two

    ────────────────────────────────────────────────────────────
    Only in sample000001: 2 messages

    [User - 10:02:00]
    three

    [Assistant - 10:03:00]
    four

    ────────────────────────────────────────────────────────────
    Only in <b>: 0 messages
    "
  `)
  expect(await home.json('session', 'diff', b, c, '--format', 'json')).toMatchObject({
    sessions: [{ id: b }, { id: c }],
    related: true,
    common: [{ content: 'one' }, { content: 'two' }],
    only: [[], [{ content: 'three' }]],
  })
  const unrelated = await home.ok('session', 'diff', 'sample000001', 'sample000002')
  expect(unrelated).toBe('sample000001: Whole\nsample000002: Session 2\nThese sessions are not forks of one session.\n')
  expectProblem(await home.run('session', 'diff', 'sample000001', 'sample000001'), 2, 'session diff requires two different sessions')
  expectProblem(await home.run('session', 'diff', 'sample000001'), 2, 'session diff needs <id>')
})

test('hidden messages are left out, with a note', async () => {
  const home = here(makeHome())
  const [a] = await seed(home, sample(1, { messages: talk('one', 'secret', 'three') }))
  const { id: b } = await home.json('session', 'fork', a as string, '--json')
  await script(home, `session hide sample000001 2`, `session hide ${b} 2`)
  const { stdout, stderr } = await home.run('session', 'diff', a as string, b)
  expect(stdout).toMatch(/In both sessions: 2 messages[\s\S]*one[\s\S]*three/)
  expect(stdout).not.toContain('secret')
  expect(stderr).toBe('2 hidden messages omitted\n')
})

test('on a terminal nothing in a session steers it, and the rules fit', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: '\x1b]0;evil\x07', messages: talk('\x1b[2J a') }), sample(2, { messages: talk('\x1b[2J a', 'b') }))
  const { screen } = await onTerminal(home, ['session', 'diff', 'sample000001', 'sample000002'], [], { PAGER: 'cat' }, 20)
  expect(screen).toContain('␛[2J a')
  for (const steering of ['\x1b]0', '\x1b[2J']) expect(screen).not.toContain(steering)
  expect(Math.max(...[...screen.matchAll(/─+/g)].map(([rule]) => rule.length))).toBe(20)
})
