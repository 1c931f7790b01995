import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { databaseOf, openFile } from '../helpers/database.ts'
import { lastMessages } from '../helpers/messages.ts'
import { plugin, usePlugins } from '../helpers/plugins.ts'
import { AT_PROMPT, answer, openTerminal } from '../helpers/pty.ts'
import { until } from '../helpers/until.ts'
import { openModel } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'ollama', '--model', 'm']

async function setUp() {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  await home.ok('session', 'create', '--title', 'first')
  return { model, home }
}

/** Takes the lock of writers, as another program may. */
function lock(home: Home): () => void {
  const db = openFile(databaseOf(home))
  db.exec('begin immediate')
  const release = () => {
    if (db.open) db.close()
  }
  onTestFinished(release)
  return release
}

function start(home: Home, ...argv: string[]) {
  const child = startCli([...ASK, ...argv], { cwd: home.dir, env: home.env })
  child.stdin.end()
  const out = { text: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out.text += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    out.error += text
  })
  return { child, out, ended: once(child, 'exit') }
}

test('another writer that holds the database neither stops a reply nor loses a word of it', async () => {
  const { home, model } = await setUp()
  model.reply({ text: ['Half of it, ', 'and the rest'], hang: true })
  const { out, ended } = start(home, 'hi')
  await until('the reply', () => out.text.includes('and the rest'))
  await until('the reply in the database', async () => (await lastMessages(home))[1]?.content === 'Half of it, and the rest')
  const release = lock(home)
  model.release()
  // Longer than one wait of SQLite's.
  await until('the note', () => out.error.includes('another process has locked the database; waiting to store the reply'))
  release()
  expect(await ended).toEqual([0, null])
  const [, reply] = await lastMessages(home)
  expect(reply).toMatchObject({ content: 'Half of it, and the rest' })
  expect(reply).not.toHaveProperty('state')
})

test('Ctrl-C is heard while another writer holds the database', async () => {
  const { home, model } = await setUp()
  model.reply({ text: ['Half of it'], hang: true })
  const { child, out, ended } = start(home, 'hi')
  await until('the reply', () => out.text === 'Half of it')
  lock(home)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
})

test('a reply that cannot be stored is printed all the same', async () => {
  const { home, model } = await setUp()
  model.reply({ text: 'The whole of it', hang: true })
  const { ended, out } = start(home, '--format', 'json', 'hi')
  await until('the request', () => model.requests.length === 1)
  const [session] = await home.json('session', 'list', '--json')
  await home.ok('session', 'delete', session.id)
  await home.ok('session', 'purge', session.id, '--force')
  model.release()
  expect(await ended).toEqual([1, null])
  expect(JSON.parse(out.text)).toMatchObject({ role: 'assistant', content: 'The whole of it' })
  expect(out.error).toMatch(/^error: the session \w+ no longer exists/m)
})

test('a hook that fails after each save does not store a reply twice', async () => {
  const { home, model } = await setUp()
  usePlugins(home, {
    'bad.ts': plugin(
      'bad',
      `hooks.saved.tapPromise('bad', async ({ append }: any) => { if (append?.some(({ role }: any) => role === 'assistant')) throw new Error('no') })`,
    ),
  })
  model.reply({ text: Array.from({ length: 8 }, (_, i) => `${i}`.repeat(600)) })
  await start(home, 'hi').ended
  const replies = (await lastMessages(home)).filter(({ content }) => content.startsWith('0'))
  expect(replies.map(({ content }) => content.length)).toEqual([4800])
  model.reply({ text: 'short' })
  await start(home, 'again').ended
  expect((await lastMessages(home)).filter(({ content }) => content === 'short')).toHaveLength(1)
})

test('Ctrl-C ends a chat whose message is still being piped in', async () => {
  const { home } = await setUp()
  const child = startCli([...ASK, 'about'], { cwd: home.dir, env: home.env })
  // More than a pipe holds: once it is written, the command has read some of it.
  await new Promise((resolve) => child.stdin.write('some text '.repeat(100_000), resolve))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
})

test('a reply whose question and predecessor were taken out elsewhere is kept', async () => {
  const { home, model } = await setUp()
  const terminals = [openTerminal(home, ASK), openTerminal(home, ASK)]
  const [one, two] = terminals as [(typeof terminals)[0], (typeof terminals)[0]]
  for (const terminal of terminals) await terminal.until(AT_PROMPT)
  model.reply({ text: 'first' })
  await answer(one, 'One', /ollama\/m · .* s\r\n/)
  const [session] = await home.json('session', 'list', '--json')
  two.type('/exit\r')
  await two.ended()
  model.reply({ text: ['precious ', 'words'], hang: true })
  one.clear()
  one.type('/retry\r')
  await until('the request', () => model.requests.length === 2)
  const other = openTerminal(home, [...ASK, '-s', session.id])
  await other.until(AT_PROMPT)
  await answer(other, '/undo', /Removed: One/)
  model.release()
  await one.until(/ollama\/m · .* s\r\n/)
  expect((await lastMessages(home)).map(({ content }) => content)).toEqual(['precious words'])
})
