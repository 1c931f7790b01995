import { once } from 'node:events'
import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, here, homeAt, makeHome, startCli } from '../helpers/cli.ts'
import { lookInto, withDatabase } from '../helpers/database.ts'
import { lastMessages } from '../helpers/messages.ts'
import { expectProblem } from '../helpers/problem.ts'
import { until } from '../helpers/until.ts'
import { smallDisk } from '../helpers/user.ts'
import { type Model, openModel } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'ollama', '--model', 'm']
const LONG = 'A long reply, piece by piece. '.repeat(100)

async function setUp(): Promise<{ home: Home; model: Model }> {
  const model = await openModel('ollama')
  return { model, home: here(makeHome({ OLLAMA_HOST: model.url })) }
}

/** A chat whose reply stands still after this text, once that was printed. */
async function startReply({ home, model }: { home: Home; model: Model }, text: string | string[], ...argv: string[]) {
  model.reply({ text, hang: true })
  const child = startCli([...ASK, ...argv, 'Tell me'], { cwd: home.dir, env: home.env })
  child.stdin.end()
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  const whole = [text].flat().join('')
  let seen = ''
  child.stdout.setEncoding('utf8')
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    seen += chunk
    if (seen.length >= whole.length) break
  }
  expect(seen).toBe(whole)
  return { child, ended }
}

/** Until the text of the reply is in the database, which is 250 ms behind at most. */
const untilStored = (home: Home, text: string) =>
  until('the reply in the database', async () => (await lastMessages(home))[1]?.content === text)

test('the message is stored before the call, and the reply while it comes, for every reader', async () => {
  const given = await setUp()
  const { child, ended } = await startReply(given, ['Hel', 'lo, ', 'wor'])
  await untilStored(given.home, 'Hello, wor')
  expect(await lastMessages(given.home)).toMatchObject([
    { role: 'user', content: 'Tell me' },
    { role: 'assistant', content: 'Hello, wor', state: 'partial' },
  ])
  given.model.release()
  expect(await ended).toEqual([0, null])
  const [, reply] = await lastMessages(given.home)
  expect(reply).toMatchObject({ content: 'Hello, wor', finish_reason: 'stop' })
  expect(reply).not.toHaveProperty('state')
  child.kill()
})

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGKILL', null],
  ['SIGHUP', null],
] as const)('%s in the middle of a reply leaves what came, and -r goes on from there', async (signal, code) => {
  const { home, model } = await setUp()
  const { child, ended } = await startReply({ home, model }, ['Half ', 'of it'])
  // Of a process that hears it, what it still held is stored too.
  if (code === null) await untilStored(home, 'Half of it')
  child.kill(signal)
  const [exit] = await ended
  expect(exit).toBe(code)
  expect(await lastMessages(home)).toMatchObject([{ content: 'Tell me' }, { content: 'Half of it', state: 'partial' }])
  expect(withDatabase(home, (db) => db.prepare('select count(*) from chunks').pluck().get())).toBe(0)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', foreign: 0 })
  model.reply({ text: 'The rest' })
  expect(await home.ok(...ASK, '-r', 'Go on')).toBe('The rest\n')
  expect(model.requests.at(-1)?.body.messages).toEqual([
    { role: 'user', content: 'Tell me' },
    { role: 'assistant', content: 'Half of it' },
    { role: 'user', content: 'Go on' },
  ])
  expect((await lastMessages(home)).map(({ content }) => content)).toEqual(['Tell me', 'Half of it', 'Go on', 'The rest'])
})

test('a kill in the middle of a long reply loses no more than 1 KB of what came', async () => {
  const given = await setUp()
  const pieces = LONG.match(/.{1,40}/g) ?? []
  const { child, ended } = await startReply(given, pieces)
  child.kill('SIGKILL')
  await ended
  const [, reply] = await lastMessages(given.home)
  expect(LONG.startsWith(reply?.content ?? '?')).toBe(true)
  expect(LONG.length - (reply?.content.length ?? 0)).toBeLessThanOrEqual(1024)
})

test('reasoning that came before a kill is a part of the message', async () => {
  const { home, model } = await setUp()
  model.reply({ reasoning: ['Let me ', 'think'], text: ['So'], hang: true })
  const child = startCli([...ASK, 'Why?'], { cwd: home.dir, env: home.env })
  child.stdin.end()
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  await untilStored(home, 'So')
  child.kill('SIGKILL')
  await ended
  const parts = [
    { type: 'reasoning', text: 'Let me think' },
    { type: 'text', text: 'So' },
  ]
  expect((await lastMessages(home))[1]).toMatchObject({ content: 'So', state: 'partial', parts })
})

test('two chats on one session at once both land, and no write waits for a model', async () => {
  const { home, model } = await setUp()
  const id = await home.create('--title', 'Shared')
  const first = await startReply({ home, model }, 'First', '-s', id)
  const second = await startReply({ home, model }, 'Second', '-s', id)
  await home.ok('session', 'tag', id, 'busy')
  model.release()
  expect([await first.ended, await second.ended]).toEqual([
    [0, null],
    [0, null],
  ])
  const messages = await lastMessages(home)
  // A reply is stored while it comes, so that the first one may stand before or after the second question.
  const said = messages.map(({ role, content }) => `${role}: ${content}`)
  expect(said.toSorted()).toEqual(['assistant: First', 'assistant: Second', 'user: Tell me', 'user: Tell me'])
  expect(said[0]).toBe('user: Tell me')
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ message_count: 4, tags: ['busy'] }])
})

/** A home on a disk of 3 MB, which takes root and mount. */
async function setUpDisk(): Promise<{ home: Home; model: Model } | undefined> {
  const outer = here(makeHome())
  const disk = smallDisk(outer.path('disk'), '3m')
  if (!disk) return undefined
  onTestFinished(disk.remove)
  const model = await openModel('ollama')
  // The cache lies elsewhere: what Node writes and removes there would give room back.
  return { model, home: homeAt(outer.path('disk'), { OLLAMA_HOST: model.url, XDG_CACHE_HOME: outer.path('cache') }) }
}

function fill(home: Home): void {
  fs.writeFileSync(home.path('fill'), Buffer.alloc(1))
  try {
    for (;;) fs.appendFileSync(home.path('fill'), Buffer.alloc(4096))
  } catch {
    // Now it is full.
  }
}

test('a disk that is full loses nothing that it had room for, and says so', async () => {
  const given = await setUpDisk()
  if (!given) return console.warn('a full disk is not tested: that takes root and mount')
  const { home, model } = given
  const { child, ended } = await startReply({ home, model }, ['Before the ', 'disk was full'])
  await untilStored(home, 'Before the disk was full')
  fill(home)
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    told += text
  })
  model.release()
  expect(await ended).toEqual([1, null])
  expect(told).toContain('the disk is full')
  fs.rmSync(home.path('fill'))
  expect(await lastMessages(home)).toMatchObject([{ content: 'Tell me' }, { content: 'Before the disk was full', state: 'partial' }])
})

test('a long reply on a full disk is printed whole, and what there is room for later is stored', async () => {
  const given = await setUpDisk()
  if (!given) return console.warn('a full disk is not tested: that takes root and mount')
  const { home, model } = given
  const pieces = Array.from({ length: 20_000 }, (_, i) => `${i} is one of many numbers in a long reply. `)
  model.reply({ text: pieces, silent: true })
  const child = startCli([...ASK, '--format', 'json', 'Tell me'], { cwd: home.dir, env: home.env })
  child.stdin.end()
  const ended = once(child, 'exit')
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  await until('the request', () => model.requests.length > 0)
  fill(home)
  model.release()
  expect(await ended).toEqual([1, null])
  expect(JSON.parse(out).content).toBe(pieces.join(''))
  fs.rmSync(home.path('fill'))
  expect(await lastMessages(home)).toMatchObject([{ content: 'Tell me' }])
})

test('a database that cannot be written is told before anything is sent', async () => {
  const { home, model } = await setUp()
  home.write('taken', 'no database')
  const result = await home.runWith({ env: { AINATIVE_DB_PATH: home.path('taken') } }, ...ASK, 'hi')
  expectProblem(result, 1, 'is not a SQLite database')
  expect(model.requests).toEqual([])
})
