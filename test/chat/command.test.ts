import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { bin, type Home, here, makeHome, type Result } from '../helpers/cli.ts'
import { okHere, runHere } from '../helpers/here.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'
import { type Model, openModel } from '../helpers/wire/server.ts'

const ASK = ['--provider', 'ollama', '--model', 'm']

interface Chat {
  home: Home
  model: Model
  /** Chats with these words in this process; they must succeed. */
  chat(...words: string[]): Promise<string>
  /** The texts of the last request. */
  sent(): { role: string; content: string }[]
  sessions(): Promise<Session[]>
}

interface Session {
  id: string
  title: string
  provider: string
  model: string
  tags: string[]
  metadata: Record<string, unknown>
  message_count: number
}

async function setUp(config = ''): Promise<Chat> {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  if (config) home.write(USER_CONFIG, config)
  return {
    ...{ home, model },
    chat: (...words) => okHere(home, 'chat', ...ASK, ...words),
    sent: () => model.requests.at(-1)?.body.messages,
    sessions: () => here(home).json('session', 'list', '--all', '--json'),
  }
}

const withInput = (home: Home, input: string, ...words: string[]): Promise<Result> => home.runWith({ input }, 'chat', ...ASK, ...words)

test('a chat makes a session with a title, a provider, a model and both messages', async () => {
  const { home, sessions } = await setUp()
  expect(await home.ok('chat', ...ASK, 'How', 'do', 'I', 'exit vim?')).toBe('Hello\n')
  const [session] = await sessions()
  expect(session).toMatchObject({ title: 'How do I exit vim?', provider: 'ollama', model: 'm', message_count: 2 })
  const { messages } = await here(home).json('session', 'show', session?.id ?? '', '--format', 'json')
  expect(messages).toMatchObject([
    { role: 'user', content: 'How do I exit vim?' },
    { role: 'assistant', content: 'Hello', provider: 'ollama', model: 'm', finish_reason: 'stop', latency_ms: expect.any(Number) },
  ])
  expect(messages[1].first_token_ms).toBeLessThanOrEqual(messages[1].latency_ms)
})

test('-r goes on in the session activated last, else in the one changed last, else in a new one', async () => {
  const { home, chat, sessions } = await setUp()
  await chat('-r', 'first')
  expect(await sessions()).toHaveLength(1)
  const older = await home.create('--title', 'Older')
  const newer = await home.create('--title', 'Newer')
  await okHere(home, 'session', 'use', older)
  await chat('-r', 'here')
  expect((await sessions()).find(({ id }) => id === older)?.message_count).toBe(2)
  await chat('-s', newer, 'there')
  await chat('--resume', 'there too')
  expect((await sessions()).find(({ id }) => id === newer)?.message_count).toBe(4)
})

test('-r without an activated session takes the one changed last', async () => {
  const { home, sessions } = await setUp()
  const [first] = [await home.create('--title', 'A', '--no-activate'), await home.create('--title', 'B', '--no-activate')]
  await okHere(home, 'session', 'tag', first, 'x')
  await home.ok('chat', ...ASK, '-r', 'hi')
  expect((await sessions()).find(({ id }) => id === first)?.message_count).toBe(2)
})

test('-r with a title takes the last one of that very title, or a new one', async () => {
  const { home, chat, sessions } = await setUp()
  const auth = await home.create('--title', 'Auth')
  await home.create('--title', 'Auth stuff')
  await chat('-r', '--title', 'Auth', 'hi')
  await chat('-r', '--title', 'auth', 'hi')
  const found = await sessions()
  expect(found.find(({ id }) => id === auth)?.message_count).toBe(2)
  expect(found.map(({ title }) => title).sort()).toEqual(['Auth', 'Auth stuff', 'auth'])
})

test('-s with a title renames, and takes a prefix of an id', async () => {
  const { home, chat, sessions } = await setUp()
  const id = await home.create('--title', 'Before', '--provider', 'ollama', '--model', 'own')
  await okHere(home, 'chat', '-s', id.slice(0, 6), '--title', 'After', 'hi')
  expect(await sessions()).toMatchObject([{ id, title: 'After', model: 'own', message_count: 2 }])
  expectProblem(await runHere(home, 'chat', '-s', 'nowhere1', 'hi'), 1, 'there is no session "nowhere1"')
  expectProblem(await home.run('chat', '-s', id, '-r', 'hi'), 2, '-s and -r cannot be combined')
  await okHere(home, 'session', 'delete', id)
  expectProblem(await runHere(home, 'chat', '-s', id, 'hi'), 1, 'is in the trash')
  await chat('hi')
})

test('a flag goes before the session, the session before the config', async () => {
  const { home, model, sessions } = await setUp('llm:\n  default_provider: ollama\n  ollama:\n    model: of-config\n')
  await okHere(home, 'chat', 'one')
  expect(model.requests.at(-1)?.body.model).toBe('of-config')
  await okHere(home, 'chat', '-r', '--model', 'of-flag', 'two')
  expect(model.requests.at(-1)?.body.model).toBe('of-flag')
  await home.ok('chat', '-r', 'three')
  expect(model.requests.at(-1)?.body.model).toBe('of-flag')
  expect(await sessions()).toMatchObject([{ model: 'of-flag', message_count: 6 }])
})

test('tags, project and the defaults of the config', async () => {
  const { chat, sessions } = await setUp('defaults:\n  tags: [daily]\n  project: home\n')
  await chat('one')
  await chat('--tag', 'go,api', '--project', 'work', 'two')
  await chat('-r', '--tag', 'more', 'three')
  expect(await sessions()).toMatchObject([
    { tags: ['go', 'api', 'more'], metadata: { project: 'work' }, message_count: 4 },
    { tags: ['daily'], metadata: { project: 'home' } },
  ])
})

test('system text, temperature and length reach the model; the system text given last counts', async () => {
  const { chat, sent, model } = await setUp()
  await chat('--system', 'Be brief.', '--temperature', '0.2', '--max-tokens', '50', 'one')
  expect(model.requests[0]?.body.options).toMatchObject({ temperature: 0.2, num_predict: 50 })
  await chat('-r', 'two')
  expect(sent()[0]).toEqual({ role: 'system', content: 'Be brief.' })
  await chat('-r', '--system', 'Be long.', 'three')
  expect(sent().map(({ content }) => content)).toEqual(['Be long.', 'one', 'Hello', 'two', 'Hello', 'three'])
})

test('--context sends the last messages alone, and begins with one of the user', async () => {
  const { chat, sent } = await setUp()
  await chat('--system', 'S', 'one')
  await chat('-r', 'two')
  await chat('-r', '--context', '3', 'three')
  expect(sent().map(({ content }) => content)).toEqual(['S', 'two', 'Hello', 'three'])
  await chat('-r', '--context', '2', 'four')
  expect(sent().map(({ content }) => content)).toEqual(['S', 'four'])
})

test('--no-save stores nothing, in a session too', async () => {
  const { home, chat, sent, sessions } = await setUp()
  await chat('--no-save', 'secret')
  expect(await sessions()).toEqual([])
  const id = await home.create('--title', 'Kept')
  await chat('-s', id, 'one')
  await chat('-s', id, '--no-save', 'two')
  expect(sent().map(({ content }) => content)).toEqual(['one', 'Hello', 'two'])
  expect((await sessions())[0]?.message_count).toBe(2)
})

test('what is piped in stands below the message, or is it', async () => {
  const { home, sent, model } = await setUp()
  expect(await withInput(home, 'a diff\n', 'Review this')).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect(sent()[0]?.content).toBe('Review this\n\na diff')
  await withInput(home, 'all of it\n')
  expect(sent()[0]?.content).toBe('all of it')
  await withInput(home, '  \n', 'only words')
  expect(sent()[0]?.content).toBe('only words')
  await withInput(home, '漢字 👍\r\nrow\r\n')
  expect(sent()[0]?.content).toBe('漢字 👍\r\nrow')
  const count = model.requests.length
  expectProblem(await withInput(home, ''), 2, 'chat needs a message')
  expectProblem(await withInput(home, '\n', ' '), 2, 'chat needs a message')
  expect(model.requests).toHaveLength(count)
})

test('standard input may be closed, or stay open without a word', async () => {
  const { home, model } = await setUp()
  for (const stdio of [
    ['ignore', 'pipe', 'pipe'],
    ['pipe', 'pipe', 'pipe'],
  ] as const) {
    const child = spawn(process.execPath, [bin, 'chat', ...ASK, 'hi'], { cwd: home.dir, env: home.env, stdio: [...stdio] })
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
  }
  const { code } = await new Promise<{ code: number | null }>((resolve) => {
    const child = spawn('bash', ['-c', `"${process.execPath}" "${bin}" chat ${ASK.join(' ')} hi <&-`], { cwd: home.dir, env: home.env })
    child.on('exit', (code) => resolve({ code }))
  })
  expect(code).toBe(0)
  expect(model.requests).toHaveLength(3)
})

test('json is the message as it is stored, jsonl is what happens', async () => {
  const { home, model, sessions } = await setUp()
  model.reply({ reasoning: ['Hm.'], text: ['Hel', 'lo'], usage: { input: 3, output: 2, cached: 0, reasoning: 0 } })
  const message = await home.json('chat', ...ASK, '--json', 'hi')
  const [session] = await sessions()
  const { messages } = await here(home).json('session', 'show', session?.id ?? '', '--format', 'json')
  expect(message).toEqual(messages[1])
  const events = (await home.ok('chat', ...ASK, '--format', 'jsonl', 'hi'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events).toMatchObject([
    { type: 'start', session: expect.any(String), provider: 'ollama', model: 'm' },
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    {
      type: 'end',
      message: {
        role: 'assistant',
        content: 'Hello',
        parts: [
          { type: 'reasoning', text: 'Hm.' },
          { type: 'text', text: 'Hello' },
        ],
      },
    },
  ])
})

test.each([
  ['--temperature', 'hot', 'expected a number from 0 to 2'],
  ['--max-tokens', '0', 'expected a whole number of 1 or more'],
  ['--context', 'few', 'expected a whole number'],
  ['--title', ' ', 'a title cannot be blank'],
  ['--provider', 'olama', 'did you mean ollama?'],
  ['--format', 'xml', 'has no format "xml"'],
])('%s %j is refused before anything is sent', async (flag, value, told) => {
  const { home, model } = await setUp()
  expectProblem(await runHere(home, 'chat', ...ASK, flag, value, 'hi'), 2, told)
  expect(model.requests).toEqual([])
})

test('plugins may change what is asked, refuse it, and see the reply', async () => {
  const { home, model, sessions } = await setUp()
  const plugin = home.write(
    'policy.ts',
    `export default { name: 'policy', apply({ hooks }) {
      hooks.asking.tapPromise('policy', async (request) => {
        if (request.messages.at(-1).content.includes('forbidden')) throw new Error('not allowed here')
        return { ...request, messages: request.messages.map((each) => ({ ...each, content: each.content.replace('secret', '***') })) }
      })
      hooks.replied.tapPromise('policy', async (request, message) => process.stderr.write('saw ' + message.content + '\\n'))
    } }`,
  )
  home.write(USER_CONFIG, `plugins:\n  - ${plugin}\n`)
  const { stderr } = await home.run('chat', ...ASK, 'my secret')
  expect(model.requests[0]?.body.messages).toEqual([{ role: 'user', content: 'my ***' }])
  expect(stderr).toContain('saw Hello')
  expectProblem(await home.run('chat', ...ASK, 'forbidden'), 1, "plugin 'policy'")
  expect(model.requests).toHaveLength(1)
  expect(await sessions()).toMatchObject([{ message_count: 1 }, { message_count: 2 }])
})

test('a provider that is only a name, and a reply of nothing', async () => {
  const { home, chat, model } = await setUp()
  const plugin = home.write(
    'name.ts',
    `export default { name: 'n', apply({ hooks }) { hooks.providers.tap('n', ({ add }) => add({ name: 'nameonly' })) } }`,
  )
  home.write(USER_CONFIG, `plugins:\n  - ${plugin}\n`)
  expectProblem(await home.run('chat', '--provider', 'nameonly', 'hi'), 2, 'it is only a name')
  model.reply({ text: [] })
  expect(await chat('hi')).toBe('\n')
})

test('chat runs in scripts, and its message is the last result', async () => {
  const { home } = await setUp()
  const { code, stdout } = await home.runWith({ input: `chat ${ASK.join(' ')} "hi"\n$_.content\n` }, '--keep-going')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n"Hello"\n' })
  expectProblem(await home.runWith({ input: 'chat\n' }), 1, 'chat needs a message')
})

test('many chats of a script file with piped standard input cause no warning of Node', async () => {
  const { home } = await setUp()
  home.write('many.txt', `chat --no-save ${ASK.join(' ')} hi\n`.repeat(12))
  expect(await home.runWith({ input: '' }, 'run', 'many.txt')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Warning') })
})
