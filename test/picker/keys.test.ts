import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { openScreen } from '../helpers/screen.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

async function homeOfThree(): Promise<Home> {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, { title: 'JWT authentication', messages: talk('How do I refresh a token?', 'Like so.') }),
    sample(2, { title: 'Kubernetes ingress', messages: talk('Which ingress?', 'One with a jwt filter') }),
    sample(3, { title: 'Café con leche', metadata: { project: 'recipes' }, messages: talk('How much milk?') }),
  )
  return home
}

test('the list and a preview stand side by side, below each other under 80 columns', async () => {
  const home = await homeOfThree()
  await home.ok('session', 'pin', 'sample000001')
  const wide = openScreen(home, ['session', 'pick', 'jwt'], { columns: 90, rows: 8 })
  await wide.shows(/2 of 3 · Enter/)
  await wide.shows(/#1 user/)
  expect(wide.lines()).toMatchInlineSnapshot(`
    [
      "> jwt",
      "> * JWT authentication        2024-01-01 │ JWT authentication",
      "    Kubernetes ingress        2024-01-02 │ sample000001 · 2024-01-01 10:30 · 2 messages",
      "                                         │ #1 user",
      "                                         │ How do I refresh a token?",
      "                                         │ ",
      "                                         │ ",
      "2 of 3 · Enter shows · Esc closes · Tab marks · Ctrl-O chats · Ctrl-A this project · Ctrl…",
    ]
  `)
  wide.type('\x1b[B')
  await wide.shows(/jwt filter/)
  expect(wide.lines()).toMatchInlineSnapshot(`
    [
      "> jwt",
      "  * JWT authentication        2024-01-01 │ Kubernetes ingress",
      ">   Kubernetes ingress        2024-01-02 │ sample000002 · 2024-01-02 10:30 · 2 messages",
      "                                         │ #2 assistant",
      "                                         │ One with a jwt filter",
      "                                         │ ",
      "                                         │ ",
      "2 of 3 · Enter shows · Esc closes · Tab marks · Ctrl-O chats · Ctrl-A this project · Ctrl…",
    ]
  `)
  const narrow = openScreen(home, ['session', 'pick'], { columns: 50, rows: 14 })
  await narrow.shows(/3 of 3 · Enter/)
  await narrow.shows(/refresh a token/)
  expect(narrow.lines()).toMatchInlineSnapshot(`
    [
      "> ",
      "> * JWT authentication                  2024-01-01",
      "    Café con leche                      2024-01-03",
      "    Kubernetes ingress                  2024-01-02",
      "",
      "",
      "",
      "──────────────────────────────────────────────────",
      "JWT authentication",
      "sample000001 · 2024-01-01 10:30 · 2 messages",
      "#1 user",
      "How do I refresh a token?",
      "",
      "3 of 3 · Enter shows · Esc closes · Tab marks · C…",
    ]
  `)
})

test('words are looked for in titles, then in contents, without case and accents', async () => {
  const home = await homeOfThree()
  const screen = openScreen(home, ['session', 'pick'])
  await screen.shows(/3 of 3/)
  for (const [query, shown] of [
    ['JWT', /JWT authentication.*\n.*Kubernetes ingress/],
    ['cafe leche', /> {3}Café con leche/],
    ['milk much', /1 of 3[\s\S]*Enter/],
    ['authentication jwt', /> {3}JWT authentication/],
    ['nowhere to be found', /0 of 3 · Enter/],
    ['*(["\\', /0 of 3 · Enter/],
  ] as const) {
    screen.type(`\x15${query}`)
    await screen.shows(shown)
  }
  screen.type('\x17\x17\x17\x17\x7f\x7f')
  await screen.shows(/3 of 3/)
  screen.type('\x1b')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
})

test('Enter shows the session, keys typed ahead and all', async () => {
  const home = await homeOfThree()
  const screen = openScreen(home, ['session', 'pick'])
  screen.type('filter\r')
  expect(await screen.ended()).toMatchObject({ exitCode: 0 })
  expect(screen.lines().join('\n')).toContain('Session: Kubernetes ingress\nID: sample000002\n')
})

test('Tab marks several, and the ids are printed where standard output is no terminal', async () => {
  const home = await homeOfThree()
  const line = '$CLI session export $($CLI session pick) -o - --format markdown | grep "^# "; echo done'
  const screen = openScreen(home, [], { line })
  await screen.shows(/3 of 3/)
  screen.type('\t')
  await screen.shows(/1 marked/)
  screen.type('\x1b[B\t')
  await screen.shows(/2 marked/)
  screen.type('\r')
  await screen.shows(/done/)
  expect(screen.lines().filter(Boolean)).toEqual(['# Café con leche', '# JWT authentication', 'done'])
})

test.each([
  ['standard error alone is not a terminal', 'id=$($CLI session pick 2>/dev/null); echo "got $id"'],
  ['standard input is a pipe', 'id=$(echo x | $CLI session pick); echo "got $id"'],
  ['only standard output is a terminal', 'echo x | $CLI session pick --print 2>/dev/null; echo got'],
])('keys are read and the list is drawn on the terminal where %s', async (_, line) => {
  const home = await homeOfThree()
  const screen = openScreen(home, [], { line })
  await screen.shows(/3 of 3/)
  screen.type('ingress\r')
  expect(await screen.shows(/got/)).toMatch(/sample000002/)
  expect(screen.state()).toEqual({ alternate: false, pastes: false, wraps: true, cursor: true })
})

test('--json prints the ids as JSON, and moving goes to both ends and by pages', async () => {
  const home = here(makeHome())
  await seed(home, ...Array.from({ length: 60 }, (_, i) => sample(i + 1, { created_at: '2024-01-01T00:00:00Z' })))
  const pick = async (keys: string) => {
    const screen = openScreen(home, ['session', 'pick', '--json'], { rows: 12 })
    await screen.shows(/60 of 60/)
    screen.type(`${keys}\r`)
    await screen.ended()
    return JSON.parse(screen.lines().join(''))
  }
  const [first, second, page, back, last, wrapped] = await Promise.all(
    ['', '\x0e', '\x1b[6~', '\x1b[6~\x1b[6~\x1b[5~', '\x1b[F', '\x1b[F\x1b[H\x1b[A'].map(pick),
  )
  expect({ first, second, page, back, last, wrapped }).toEqual({
    first: ['sample000060'],
    second: ['sample000059'],
    page: ['sample000050'],
    back: ['sample000050'],
    last: ['sample000001'],
    wrapped: ['sample000060'],
  })
})

test('Ctrl-A keeps to this project, and Ctrl-Y copies ids', async () => {
  const home = await homeOfThree()
  home.write('.config/ainative-code/config.yaml', 'defaults:\n  project: recipes\n')
  const screen = openScreen(home, ['session', 'pick', '--color', 'never'], { env: { PATH: home.path('nothing'), TMUX: '/tmp/x' } })
  await screen.shows(/3 of 3/)
  screen.type('\x01')
  await screen.shows(/1 of 3 in project recipes · Enter/)
  screen.type('\x19')
  await screen.shows(/sent sample000003 to the clipboard/)
  const sequence = `]52;c;${Buffer.from('sample000003').toString('base64')}\x07`
  expect(screen.raw()).toContain(`\x1bPtmux;\x1b\x1b${sequence}\x1b\\\x1b${sequence}`)
  screen.type('jwt')
  await screen.shows(/0 of 3 in project recipes · Enter/)
  screen.type('\x01')
  await screen.shows(/2 of 3 · Enter/)
  await screen.shows(/#1 user/)
  expect(screen.raw()).not.toMatch(STYLE)
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles begin with it
const STYLE = /\x1b\[[\d;]*m/

test('NO_COLOR and the flag decide about colors, also where standard output is a file', async () => {
  const home = await homeOfThree()
  const pick = async (line: string, env: NodeJS.ProcessEnv) => {
    const screen = openScreen(home, [], { line: `${line} > out`, env })
    await screen.shows(/3 of 3/)
    await screen.shows(/#1 user/)
    return STYLE.test(screen.raw())
  }
  expect(await pick('$CLI session pick', {})).toBe(true)
  expect(await pick('$CLI session pick', { NO_COLOR: '1' })).toBe(false)
  expect(await pick('$CLI --color never session pick', {})).toBe(false)
})

test('a paste is text, and a long one does no harm', async () => {
  const home = await homeOfThree()
  const screen = openScreen(home, ['session', 'pick'])
  await screen.shows(/3 of 3/)
  screen.type('\x1b[200~jwt\nauthentication\x1b[201~')
  await screen.shows(/> jwt authentication\n> {3}JWT authentication/)
  screen.type(`\x1b[200~${'x '.repeat(5000)}\x1b[201~`)
  await screen.shows(/0 of 3/)
  screen.type('\x15\x1b[200~ingress\x1b[201~\r')
  await screen.ended()
  expect(screen.lines()[0]).toBe('Session: Kubernetes ingress')
})

test('archived sessions and those in the trash are not offered', async () => {
  const home = await homeOfThree()
  await home.ok('session', 'archive', 'sample000001')
  await home.ok('session', 'delete', 'sample000002')
  const screen = openScreen(home, ['session', 'pick', 'jwt'])
  await screen.shows(/0 of 1 · Enter/)
})
