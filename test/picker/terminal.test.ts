import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { usePlugins } from '../helpers/plugins.ts'
import { openScreen } from '../helpers/screen.ts'
import { failure, sample, samples, seed, talk } from '../helpers/seed.ts'

const AS_BEFORE = { alternate: false, pastes: false, wraps: true, cursor: true }

async function openPicker(home: Home, ...argv: string[]) {
  const screen = openScreen(home, ['session', 'pick', ...argv])
  await screen.shows(/ of \d+ · Enter/)
  expect(screen.state().alternate).toBe(true)
  return screen
}

test.each([
  ['Escape', (screen) => screen.type('\x1b'), 130],
  ['Ctrl-C', (screen) => screen.type('\x03'), 130],
  ['Ctrl-G', (screen) => screen.type('\x07'), 130],
  ['SIGINT', (screen) => screen.signal('SIGINT'), 130],
  ['SIGTERM', (screen) => screen.signal('SIGTERM'), 143],
  ['SIGHUP', (screen) => screen.signal('SIGHUP'), 129],
] as [string, (screen: Awaited<ReturnType<typeof openPicker>>) => void, number][])(
  '%s leaves the terminal as it was',
  async (_, leave, code) => {
    const home = makeHome()
    await seed(home, ...samples(3))
    const screen = await openPicker(home)
    leave(screen)
    expect(await screen.ended()).toMatchObject({ exitCode: code })
    expect(screen.state()).toEqual(AS_BEFORE)
    expect(screen.lines().join('')).toBe('')
  },
)

test('without Unicode the picker draws with ASCII signs', async () => {
  const home = makeHome({ LANG: 'C' })
  await seed(home, ...samples(3))
  const screen = openScreen(home, ['session', 'pick'])
  await screen.shows(/ \| Session 3[\s\S]* of \d+ \. Enter/)
  expect(screen.lines().join('\n')).toMatch(/^[ -~\n]*$/)
  screen.type('\x1b')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
})

/** A home with a plugin that throws, where nobody waits for it, once the file `now` is there. */
async function homeThatFails(): Promise<{ home: Home; fail(): void }> {
  const home = makeHome()
  await seed(home, ...samples(3))
  const now = home.path('now')
  usePlugins(home, {
    'boom.ts': `import fs from 'node:fs'
      export default { name: 'boom', apply() {
        const timer = setInterval(() => { if (fs.existsSync(${JSON.stringify(now)})) { clearInterval(timer); throw new Error('boom') } }, 20)
        timer.unref()
      } }`,
  })
  return { home, fail: () => fs.writeFileSync(now, '') }
}

test('what fails meanwhile in the shell ends the picker alone', async () => {
  const { home, fail } = await homeThatFails()
  const screen = openScreen(home, [])
  await screen.shows(/^ainative> $/m)
  screen.type('session pick\r')
  await screen.shows(/3 of 3/)
  fail()
  await screen.shows(/boom\nainative> $/m)
  expect(screen.state()).toEqual({ ...AS_BEFORE, pastes: true })
  screen.type('session list\r')
  await screen.shows(/^sample000001 Session 1/m)
})

test('what fails meanwhile is reported on the terminal as it was', async () => {
  const { home, fail } = await homeThatFails()
  const screen = await openPicker(home)
  fail()
  expect((await screen.ended()).exitCode).toBe(1)
  expect(screen.state()).toEqual(AS_BEFORE)
  expect(screen.lines().join('\n')).toContain('boom')
})

test('a terminal that is taken away ends it', async () => {
  const home = makeHome()
  await seed(home, ...samples(3))
  const screen = await openPicker(home)
  screen.hangUp()
  await screen.ended()
})

test('a picker that was stopped goes on', async () => {
  const home = makeHome()
  await seed(home, ...samples(3))
  const screen = await openPicker(home)
  screen.signal('SIGSTOP')
  screen.signal('SIGCONT')
  screen.type('2')
  await screen.shows(/^> 2\n> {3}Session 2/)
  screen.type('\x1b')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
})

test('another size is drawn anew', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: 'A title', messages: talk('What is said') }))
  const screen = await openPicker(home)
  await screen.shows(/│ What is said/)
  await screen.resize(60, 12)
  await screen.shows(/^─{60}$/m)
  expect(screen.lines().join('\n')).not.toContain('│')
  for (const [columns, rows] of [
    [12, 3],
    [1, 1],
    [300, 80],
  ] as const)
    await screen.resize(columns, rows)
  await screen.shows(/│ What is said/)
  screen.type('\x1b')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
})

test('hostile titles and contents cannot draw, and wide characters keep the columns', async () => {
  const home = makeHome()
  const hostile = '\u001b]0;owned\u0007\u001b[2J\u001b[31m\u0085\u202e\r\nbad\tend'
  const titles = [
    hostile,
    '数据库连接池'.repeat(10),
    '👩‍👩‍👧‍👦🇩🇪 family',
    'e\u0301\u0301'.repeat(40),
    '\ud800 lone',
    'x'.repeat(1_000_000),
    '__proto__',
  ]
  await seed(
    home,
    ...titles.map((title, i) =>
      sample(i + 1, { title, metadata: { tags: [hostile], project: hostile }, messages: talk(hostile, '数据库 '.repeat(5000)) }),
    ),
  )
  const screen = await openPicker(home)
  await screen.shows(/#1 user/)
  for (let row = 0; row < titles.length; row++) {
    await screen.shows(new RegExp(`sample00000${titles.length - row}`))
    for (let line = 1; line <= titles.length; line++) expect(screen.cell(line, 46), `line ${line}`).toBe('│')
    screen.type('\x1b[B')
  }
  screen.type('数据')
  await screen.shows(/#2 assistant/)
  expect(screen.lines()[0]).toBe('> 数据')
  screen.type('\x1b')
  await screen.ended()
  for (const sequence of ['owned\u0007', '\u001b]0', '\u001b[31m', '\u202e', '\u0085']) expect(screen.raw()).not.toContain(sequence)
})

test('without a terminal, or on a dumb one, it says what to use', async () => {
  const home = makeHome()
  await seed(home, ...samples(1))
  expect(await failure(home, 2, ['session', 'pick'])).toMatchInlineSnapshot(`
    "error: session pick requires a terminal
    hint: without a terminal, use ainative-code session search WORDS, or session list
    "
  `)
  const dumb = openScreen(home, ['session', 'pick'], { env: { TERM: 'dumb' } })
  expect((await dumb.ended()).exitCode).toBe(2)
  expect(dumb.lines()[0]).toBe('error: session pick cannot run on a terminal with TERM=dumb')
})

test('where there is nothing to pick the terminal is not taken', async () => {
  const screen = openScreen(makeHome(), ['session', 'pick'])
  expect((await screen.ended()).exitCode).toBe(1)
  expect(screen.lines()[0]).toBe('error: no sessions to pick from')
  expect(screen.raw()).not.toContain('\x1b[?1049h')
})
