import { stripVTControlCharacters } from 'node:util'
import pty from 'node-pty'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bin, type Home, here, makeHome } from '../helpers/cli.ts'
import { AT_PROMPT, answer, openShell, openTerminal, type Terminal } from '../helpers/pty.ts'
import { type Model, openModel } from '../helpers/wire/server.ts'

const CHAT = ['chat', '--provider', 'ollama', '--model', 'm']
const SUMMARY = /ollama\/m · .* s\r\n/
const QUESTION = /the session \w{12} is in the trash; restore it and continue\? \[y\/N\] /

const PATIENCE = { timeout: 20_000 }

interface Talk {
  home: Home
  model: Model
  terminal: Terminal
  id: string
}

/** A conversation with one reply, whose session these commands of another process then touch. */
async function openTalk(commands: string[][], ...flags: string[]): Promise<Talk> {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  await home.ok(...CHAT, 'first')
  const [{ id }] = await home.json('session', 'list', '--json')
  const terminal = openTerminal(home, [...CHAT, '-s', id, ...flags])
  await terminal.until(AT_PROMPT)
  for (const command of commands) await home.ok(...command, id)
  return { model, home, terminal, id }
}

const TRASH = [['session', 'delete']]
const PURGE = [...TRASH, ['session', 'purge', '--force']]

const contents = async (home: Home, id: string) =>
  (await home.json('session', 'show', id, '--format', 'json')).messages.map(({ content }: { content: string }) => content)

async function ask(terminal: Terminal, line: string, question: RegExp): Promise<void> {
  terminal.clear()
  terminal.type(`${line}\r`)
  await terminal.until(question)
}

test('a session that another process moved to the trash is restored at a yes, and the message is sent', async () => {
  const { terminal, home, id } = await openTalk(TRASH)
  await ask(terminal, 'second', QUESTION)
  expect(await home.json('session', 'list', '--json')).toEqual([])
  await answer(terminal, 'y', SUMMARY)
  expect(terminal.text()).toContain(`Restored ${id}`)
  expect(await contents(home, id)).toEqual(['first', 'Hello', 'second', 'Hello'])
  await answer(terminal, 'third', SUMMARY)
  expect(await contents(home, id)).toHaveLength(6)
})

test('a no leaves the conversation and the session as they are', async () => {
  const { terminal, home, model, id } = await openTalk(TRASH)
  await ask(terminal, 'second', QUESTION)
  terminal.type('n\r')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(stripVTControlCharacters(terminal.text())).toContain(
    `the last input was not used, and ainative-code session restore ${id} brings it back`,
  )
  expect(model.requests.filter(({ path }) => path === '/api/chat')).toHaveLength(1)
  await home.ok('session', 'restore', id)
  expect(await contents(home, id)).toEqual(['first', 'Hello'])
})

test('Ctrl-C at the question stays in the conversation, and Up brings the message back', async () => {
  const { terminal, home, id } = await openTalk(TRASH)
  await ask(terminal, 'a long message', QUESTION)
  terminal.clear()
  terminal.type('\x03')
  await terminal.until(AT_PROMPT)
  terminal.clear()
  terminal.type('\x1b[A')
  await terminal.until(/a long message/)
  await ask(terminal, '', QUESTION)
  await answer(terminal, 'yes', SUMMARY)
  expect(await contents(home, id)).toEqual(['first', 'Hello', 'a long message', 'Hello'])
})

test.each(['/retry', '/undo', '/title Other', '/tag x', '/edit Other', '/branch', '/model other'])('%s asks too', async (command) => {
  const { terminal, home, id } = await openTalk(TRASH)
  await answer(terminal, '/help', /\/branch/)
  await ask(terminal, command, QUESTION)
  terminal.type('n\r')
  await terminal.ended()
  await home.ok('session', 'restore', id)
  expect(await contents(home, id)).toEqual(['first', 'Hello'])
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ title: 'first', tags: [], model: 'm' }])
})

test('a session that was purged can be followed by a new one', async () => {
  const { terminal, home, id } = await openTalk(PURGE)
  await ask(terminal, 'second', new RegExp(`the session ${id} was purged; continue in a new session\\? `))
  await answer(terminal, 'y', SUMMARY)
  const [session, ...others] = await home.json('session', 'list', '--json')
  expect(others).toEqual([])
  expect(session.id).not.toBe(id)
  expect(await contents(home, session.id)).toEqual(['second', 'Hello'])
})

test('with --no-save nothing is asked, since nothing is stored', async () => {
  const { terminal } = await openTalk(TRASH, '--no-save')
  await answer(terminal, 'second', SUMMARY)
  expect(terminal.text()).not.toContain('in the trash')
})

test('without a terminal for the question it is an error that names the command, and the conversation goes on', async () => {
  const { home, id, terminal: first } = await openTalk([])
  first.type('/exit\r')
  await first.ended()
  const argv = [process.execPath, bin, ...CHAT, '-s', id].map((word) => `'${word}'`).join(' ')
  const child = pty.spawn('/bin/sh', ['-c', `exec ${argv} 2> notes`], {
    cwd: home.dir,
    env: { ...home.env, TERM: 'xterm' } as Record<string, string>,
  })
  onTestFinished(() => child.kill('SIGKILL'))
  let text = ''
  child.onData((data) => {
    text += data
  })
  await vi.waitFor(() => expect(text).toMatch(AT_PROMPT), PATIENCE)
  await home.ok('session', 'delete', id)
  text = ''
  child.write('second\r')
  await vi.waitFor(
    () => expect(home.read('notes')).toContain(`session ${id} is in the trash\nhint: ainative-code session restore ${id}`),
    PATIENCE,
  )
  await vi.waitFor(() => expect(text).toMatch(AT_PROMPT), PATIENCE)
  await home.ok('session', 'restore', id)
  child.write('\x1b[A\r')
  await vi.waitFor(async () => expect(await contents(home, id)).toEqual(['first', 'Hello', 'second', 'Hello']), PATIENCE)
})

test('the shell goes on after a no', async () => {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  const shell = await openShell(home)
  await answer(shell, 'chat --provider ollama --model m', /\/help lists/)
  await answer(shell, 'first', SUMMARY)
  const [{ id }] = await home.json('session', 'list', '--json')
  await home.ok('session', 'delete', id)
  await ask(shell, 'second', QUESTION)
  await answer(shell, 'n', /left the conversation/)
  await answer(shell, '$count(sessions)', /0/)
})

/** Asks in a session and makes a change to it, by commands, while the model answers "Hello"; gives the session and how the chat ended. */
async function changedWhileAnswered(change: (home: Home, id: string) => Promise<unknown>) {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  await home.ok(...CHAT, 'first')
  const [{ id }] = await home.json('session', 'list', '--json')
  model.reply({ text: ['Hello'], hang: true })
  const chat = home.run(...CHAT, '-s', id, 'second')
  await vi.waitFor(() => expect(model.requests.filter(({ path }) => path === '/api/chat')).toHaveLength(2), PATIENCE)
  await change(home, id)
  model.release()
  return { id, ...(await chat) }
}

test('a session that goes to the trash while the model answers is named below the reply', async () => {
  const { id, code, stdout, stderr } = await changedWhileAnswered((home, id) => home.ok('session', 'delete', id))
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
  expect(stderr).toContain(`the session ${id} is in the trash; ainative-code session restore ${id} brings it back\n`)
})

test('a session that is purged while the model answers is an error below the reply', async () => {
  const { id, code, stdout, stderr } = await changedWhileAnswered(async (home, id) => {
    await home.ok('session', 'delete', id)
    await home.ok('session', 'purge', '--force', id)
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'Hello\n' })
  expect(stderr).toContain(`error: the session ${id} no longer exists\n`)
})
