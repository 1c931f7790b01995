import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { openScreen } from '../helpers/screen.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { openModel } from '../helpers/wire/server.ts'

async function seeded(env: NodeJS.ProcessEnv = {}): Promise<Home> {
  const home = here(makeHome(env))
  const talks = [
    ['JWT authentication', 'How do I refresh a token?'],
    ['Kubernetes ingress', 'Which ingress?'],
  ]
  await seed(
    home,
    ...talks.map(([title, text], i) => sample(i + 1, { title, provider: 'ollama', model: 'm', messages: talk(text ?? '', 'So.') })),
  )
  return home
}

const PROMPT = /^ainative> $/m

test('Ctrl-T on an empty line picks a session and shows it', async () => {
  const screen = openScreen(await seeded(), [])
  await screen.shows(PROMPT)
  screen.type('\x14')
  await screen.shows(/2 of 2/)
  screen.type('jwt\r')
  await screen.shows(/Session: JWT authentication[\s\S]*refresh a token[\s\S]*\nainative> $/m)
  expect(screen.state()).toEqual({ alternate: false, pastes: true, wraps: true, cursor: true })
  screen.type('session tag @_ seen\r')
  await screen.shows(/Tagged sample000001: seen/)
  screen.type('exit\r')
  expect(await screen.ended()).toMatchObject({ exitCode: 0 })
})

test('Ctrl-T in a line inserts the ids that are chosen', async () => {
  const screen = openScreen(await seeded(), [])
  await screen.shows(PROMPT)
  screen.type('session tag  seen\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D')
  await screen.shows(/session tag {2}seen/)
  screen.type('\x14')
  await screen.shows(/2 of 2/)
  screen.type('ingress\r')
  await screen.shows(/session tag sample000002 seen/)
  screen.type('\r')
  await screen.shows(/Tagged sample000002: seen/)
})

test('leaving the picker gives the prompt back, again and again', async () => {
  const screen = openScreen(await seeded(), [])
  await screen.shows(PROMPT)
  for (let round = 0; round < 12; round++) {
    screen.type('x\x14')
    await screen.shows(/2 of 2/)
    screen.type(round % 2 ? '\x1b' : '\x03')
    await screen.shows(/^ainative> x$/m)
    screen.type('\x7f')
    await screen.shows(PROMPT)
  }
  screen.type('1 + 1\r')
  await screen.shows(/^2$/m)
  expect(screen.lines().join('\n')).not.toMatch(/Warning|error/)
  screen.type('session pick\r')
  await screen.shows(/2 of 2/)
  screen.signal('SIGTERM')
  expect(await screen.ended()).toMatchObject({ exitCode: 143 })
  expect(screen.state()).toEqual({ alternate: false, pastes: false, wraps: true, cursor: true })
})

test('a key that is typed between the picker and the prompt is not lost', async () => {
  const home = await seeded()
  // A machine that is slow where the line mode of the terminal would take a Backspace away.
  const slow = home.write(
    'slow.cjs',
    `const { prototype } = require('node:tty').ReadStream
    const { setRawMode } = prototype
    prototype.setRawMode = function (on) {
      setRawMode.call(this, on)
      if (!on) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
      return this
    }`,
  )
  const screen = openScreen(home, [], { env: { NODE_OPTIONS: `--require=${slow}` } })
  await screen.shows(PROMPT)
  screen.type('x\x14')
  await screen.shows(/2 of 2/)
  screen.type('\x03')
  await screen.shows(/^ainative> x$/m)
  screen.type('\x7f')
  await screen.shows(PROMPT)
})

test.each([
  ['by itself', ['session', 'pick']],
  ['in the shell', []],
])('Ctrl-O goes on chatting, %s', async (_, argv) => {
  const model = await openModel('ollama')
  const home = await seeded({ OLLAMA_HOST: model.url })
  const screen = openScreen(home, argv)
  if (argv.length === 0) {
    await screen.shows(PROMPT)
    screen.type('session pick\r')
  }
  await screen.shows(/2 of 2/)
  screen.type('jwt\x0f')
  await screen.shows(/^chat JWT authentication> $/m)
  model.reply({ text: 'Sure' })
  screen.type('And then?\r')
  await screen.shows(/Sure[\s\S]*ollama\/m ·/)
  const { messages } = await home.json('session', 'show', 'sample000001', '--format', 'json')
  expect(messages.map(({ content }: { content: string }) => content)).toContain('And then?')
})

test('chat -r --pick goes on in the session that is chosen', async () => {
  const model = await openModel('ollama')
  const home = await seeded({ OLLAMA_HOST: model.url })
  model.reply({ text: 'Sure' })
  const screen = openScreen(home, ['chat', '-r', '--pick', 'And then?'])
  await screen.shows(/2 of 2/)
  screen.type('jwt\r')
  expect(await screen.ended()).toMatchObject({ exitCode: 0 })
  expect(screen.lines().join('\n')).toContain('Sure')
  const { messages } = await home.json('session', 'show', 'sample000001', '--format', 'json')
  expect(messages.map(({ content }: { content: string }) => content)).toEqual(['How do I refresh a token?', 'So.', 'And then?', 'Sure'])
  const left = openScreen(home, ['chat', '--pick', 'Hello'])
  await left.shows(/2 of 2/)
  left.type('\t\t\r')
  expect(await left.ended()).toMatchObject({ exitCode: 2 })
  expect(left.lines()[0]).toBe('error: chat continues one session, but 2 were chosen')
})
