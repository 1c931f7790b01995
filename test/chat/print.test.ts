import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { runHere } from '../helpers/here.ts'
import { lastMessages } from '../helpers/messages.ts'
import { openScreen } from '../helpers/screen.ts'
import { type Model, openModel, type Reply } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'ollama', '--model', 'm', 'hi']

async function setUp(reply: Reply): Promise<{ home: Home; model: Model }> {
  const model = await openModel('ollama')
  model.reply(reply)
  return { model, home: makeHome({ OLLAMA_HOST: model.url }) }
}

/** What a terminal gets of a reply, and what it shows in the end. */
async function onTerminal(reply: Reply, env: NodeJS.ProcessEnv = {}) {
  const { home } = await setUp(reply)
  const screen = openScreen(home, ASK, { env })
  const { exitCode } = await screen.ended()
  return { exitCode, raw: screen.raw(), text: `${screen.lines().join('\n').trimEnd()}\n` }
}

test.each(['', ' \n\n'])('a reply without a word is told of: %j', async (text) => {
  const { home } = await setUp({ text })
  expect(await runHere(home, ...ASK)).toMatchObject({
    code: 0,
    stdout: `${text}\n`,
    stderr: expect.stringMatching(/ s\nthe reply is empty\n$/),
  })
})

test.each(['Hello', 'Hello\n', 'a\r\nb', '```js\nlet x\n```', '\u001b[31mred'])(
  'piped, it is the bytes of the reply and one newline: %j',
  async (text) => {
    const { home } = await setUp({ text })
    // One text through the pipe of a process; the others go the same way here.
    const result = await (text === 'a\r\nb' ? home.run(...ASK) : runHere(home, ...ASK))
    expect(result).toMatchObject({
      code: 0,
      stdout: `${text}\n`,
      stderr: expect.stringMatching(/^ollama\/m · .*\d\.\d s\n$/),
    })
  },
)

test('the line below tells model, tokens and seconds', async () => {
  const { home } = await setUp({ text: 'Hi', usage: { input: 12, output: 34, cached: 0, reasoning: 0 } })
  const { stderr } = await runHere(home, ...ASK)
  expect(stderr.replace(/\d+\.\d s/, '0.1 s')).toMatchInlineSnapshot(`
    "ollama/m · 12 in, 34 out tokens · 0.1 s
    "
  `)
})

test('on a terminal it is rendered, its code highlighted, its reasoning dimmed and apart', async () => {
  const { raw, text, exitCode } = await onTerminal({
    reasoning: ['Let me ', 'think.'],
    text: ['# Title\n\nSome **bold', '** text.\n\n- one\n- two\n\n``', '`js\nconst x = 1\n```\n\nThe end.'],
  })
  expect(exitCode).toBe(0)
  expect(text.replace(/\d+\.\d s/, '0.1 s').replace(/· \d.* tokens/, '· tokens')).toMatchInlineSnapshot(`
    "Let me think.

    Title

    Some bold text.

    - one
    - two

    \`\`\`js
    const x = 1
    \`\`\`

    The end.
    ollama/m · tokens · 0.1 s
    "
  `)
  expect(raw).toContain('\u001b[2mLet me ')
  expect(raw).toContain('\u001b[1mbold')
  expect(raw).toContain('\u001b[35mconst')
})

test('without colour it streams as it comes', async () => {
  const { raw, text } = await onTerminal({ text: ['# T\n', '**b**'] }, { NO_COLOR: '1' })
  expect(text).toContain('# T\n**b**\nollama/m')
  expect(raw).not.toContain('\u001b[1m')
})

test.each([{}, { NO_COLOR: '1' }])('nothing in a reply steers the terminal, in any split: %j', async (env) => {
  const evil = 'a\u001b]0;owned\u0007b\u009b31mc\u001b[2J\n\n`\u001b[5m`'
  const { raw } = await onTerminal({ text: [...evil], reasoning: [...'\u001b[8mhidden'] }, env)
  for (const part of ['\u001b]0', '\u009b', '\u001b[2J', '\u001b[5m', '\u001b[8m']) expect(raw).not.toContain(part)
})

test('what came before a failure is shown above it', async () => {
  const { text, exitCode } = await onTerminal({ text: ['First block.\n\nHalf of the', ' second'], cutAfter: 2 })
  expect(exitCode).toBe(1)
  expect(text).toMatch(/First block\.\n\nHalf of the second\nerror: the connection to ollama was cut/)
})

test.each([{}, { NO_COLOR: '1' }])('a line end that comes in two pieces is one: %j', async (env) => {
  const { text } = await onTerminal({ text: ['one\r', '\ntwo\r', '\n'], reasoning: ['a\r', '\nb'] }, env)
  expect(text).toContain('a\nb\n\none\ntwo\n')
  expect(text).not.toContain('␍')
})

test('a character that comes in two pieces is whole: on a terminal, piped and stored', async () => {
  const reply = { text: ['a\ud83d', '\ude00b'], reasoning: ['\ud83d', '\ude00'] }
  expect((await onTerminal(reply)).text).toContain('😀\n\na😀b\n')
  const { home } = await setUp(reply)
  expect((await home.run(...ASK)).stdout).toBe('a😀b\n')
  const [, stored] = await lastMessages(home)
  expect([stored?.content, stored?.parts?.[0]?.text]).toEqual(['a😀b', '😀'])
})

test('half a character at the end of a reply does not hold the rest', async () => {
  const { home } = await setUp({ text: ['a', '\ud83d'] })
  expect(await home.run(...ASK)).toMatchObject({ code: 0, stdout: 'a\ufffd\n' })
})

test('what is not shown yet when Ctrl-C comes is shown then', async () => {
  const { home } = await setUp({ text: ['First.\n\nSecond, not wh'], hang: true })
  const screen = openScreen(home, ASK)
  await screen.shows(/First\.\n\nSecond/)
  screen.type('\u0003')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
  expect(screen.lines().join('\n').trimEnd()).toMatch(/^First\.\n\nSecond, not wh$/)
})
