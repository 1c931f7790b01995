import fs from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { lastMessages } from '../helpers/messages.ts'
import { AT_PROMPT, answer, openShell, openTerminal, type Terminal } from '../helpers/pty.ts'
import { sample, seed } from '../helpers/seed.ts'
import { until } from '../helpers/until.ts'
import { type Model, openModel } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'ollama', '--model', 'm']

interface Talk {
  home: Home
  model: Model
  terminal: Terminal
}

async function openTalk(env: NodeJS.ProcessEnv = {}, ...argv: string[]): Promise<Talk> {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  return { model, home, terminal: await open(home, env, ...argv) }
}

async function open(home: Home, env: NodeJS.ProcessEnv = {}, ...argv: string[]): Promise<Terminal> {
  const terminal = openTerminal(home, [...ASK, ...argv], env)
  await terminal.until(AT_PROMPT)
  return terminal
}

/** Opens a conversation in a session that has this message and its reply. */
async function reopenTalk(message: string, reply: string, ...argv: string[]): Promise<Talk> {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  model.reply({ text: reply })
  await okHere(home, ...ASK, message)
  return { model, home, terminal: await open(home, {}, ...argv) }
}

/** Sends a message and waits until its reply, of this text, is stored. */
async function say({ terminal, model }: Talk, message: string, reply: string): Promise<void> {
  model.reply({ text: reply })
  await answer(terminal, message, /ollama\/m · .* s\r\n/)
}

const said = async (home: Home) => (await lastMessages(home)).map(({ content }) => content)
/** A line that is written over. */
const CLEARED = '\r\u001b[K'
const SUMMARY = /ollama\/m · .* s\r\n/

/** Waits until this is the last that is stored: then it was shown too, as far as it can be. */
async function stored(home: Home, text: string): Promise<void> {
  await until(`${text} in the database`, async () => {
    const sessions = await here(home).json('session', 'list', '--json')
    return sessions.length > 0 && (await said(home)).at(-1) === text
  })
}

const shown = (terminal: Terminal) => stripVTControlCharacters(terminal.text())

test('a conversation makes its session with the first message, and ends with /exit', async () => {
  const talk = await openTalk()
  expect(shown(talk.terminal)).toContain('/help lists the commands')
  expect(await here(talk.home).json('session', 'list', '--json')).toEqual([])
  await say(talk, 'What is a goroutine?', 'A **light** thread.')
  expect(shown(talk.terminal)).toContain('A light thread.')
  expect(shown(talk.terminal)).toMatch(/What is a goroutine\?> $/)
  await say(talk, 'And a channel?', 'A queue.')
  talk.terminal.type('/exit\r')
  expect(await talk.terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(await here(talk.home).json('session', 'list', '--json')).toMatchObject([{ title: 'What is a goroutine?', message_count: 4 }])
  expect(talk.model.requests.at(-1)?.body.messages).toHaveLength(3)
})

test('one that is left at once leaves nothing', async () => {
  const { terminal, home } = await openTalk()
  terminal.type('\x04')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(await here(home).json('session', 'list', '--all', '--json')).toEqual([])
})

test('the shell enters it with chat, and /exit, /quit, exit and quit return to the shell', async () => {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  const shell = await openShell(home)
  await answer(shell, 'chat --provider ollama --model m', /\/help lists/)
  model.reply({ text: 'Hi there' })
  await answer(shell, 'hello', /Hi there[\s\S]*ollama\/m/)
  await answer(shell, '/exit', /ainative \(hello\)> /)
  for (const word of ['/quit', 'exit', 'quit']) {
    await answer(shell, 'chat -s last', /\/help lists/)
    await answer(shell, word, /ainative \(hello\)> /)
  }
  await answer(shell, '$count(sessions)', /1/)
  shell.type('\x04')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
})

test('Ctrl-C ends a reply and keeps what came, and a second one leaves', async () => {
  const { terminal, model, home } = await openTalk()
  model.reply({ text: ['Half of it\n\n', 'and'], hang: true })
  terminal.type('Tell me\r')
  await terminal.until(/Half of it/)
  terminal.clear()
  terminal.type('\x03')
  await terminal.until(AT_PROMPT)
  await model.closed()
  terminal.type('\x03')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(await lastMessages(home)).toMatchObject([{ content: 'Tell me' }, { content: 'Half of it\n\nand', state: 'partial' }])
})

test('Ctrl-C shows what came of a block that is not whole', async () => {
  const { terminal, model, home } = await openTalk()
  model.reply({ text: ['Half of ', 'a sentence'], hang: true })
  terminal.type('Tell me\r')
  await stored(home, 'Half of a sentence')
  terminal.type('\x03')
  await terminal.until(/Half of a sentence[\s\S]*Tell me> /)
  await terminal.until(AT_PROMPT)
})

test('Ctrl-C clears a text, tells how to leave, and leaves at the next', async () => {
  const { terminal } = await openTalk()
  terminal.type('half a thou')
  await terminal.until(/thou/)
  terminal.clear()
  terminal.type('\x03')
  await terminal.until(AT_PROMPT)
  terminal.clear()
  terminal.type('\x03')
  await terminal.until(/Ctrl-C again leaves/)
  await terminal.until(AT_PROMPT)
  terminal.type('\x03')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
})

test('a message of several lines: quotes, a backslash, a paste', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  for (const line of ['"""', '  one', '', 'two']) {
    terminal.clear()
    terminal.type(`${line}\r`)
    await terminal.until(AT_PROMPT)
  }
  await say(talk, '"""', 'A')
  terminal.clear()
  terminal.type('first \\\r')
  await terminal.until(AT_PROMPT)
  await say(talk, 'second', 'B')
  terminal.clear()
  terminal.type('\x1b[200~def f():\n\treturn 1\n\nprint(f())\x1b[201~')
  await terminal.until(/print/)
  model.reply({ text: 'C' })
  terminal.type('\r')
  await terminal.until(/C[\s\S]*ollama\/m/)
  await terminal.until(AT_PROMPT)
  expect(await said(home)).toEqual(['  one\n\ntwo', 'A', 'first \nsecond', 'B', 'def f():\n\treturn 1\n\nprint(f())', 'C'])
})

test('within quotes, and in a paste, nothing of a message is lost', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  for (const line of ['"""', '/exit \\', '//x']) {
    terminal.clear()
    terminal.type(`${line}\r`)
    await terminal.until(AT_PROMPT)
  }
  await say(talk, '"""', 'A')
  terminal.clear()
  terminal.type('\x1b[200~docker run \\\r\n  --rm x\x1b[201~')
  await terminal.until(/--rm x/)
  model.reply({ text: 'B' })
  terminal.type('\r')
  await terminal.until(SUMMARY)
  expect(await said(home)).toEqual(['/exit \\\n//x', 'A', 'docker run \\\n  --rm x', 'B'])
})

test('a conversation that is killed goes on where its reply ended', async () => {
  const talk = await openTalk()
  await say(talk, 'One', 'first')
  talk.model.reply({ text: ['Some of it\n\n'], hang: true })
  talk.terminal.type('Two\r')
  await talk.terminal.until(/Some of it/)
  await stored(talk.home, 'Some of it\n\n')
  talk.terminal.signal('SIGKILL')
  await talk.terminal.ended()
  const terminal = await open(talk.home, {}, '-r')
  expect(shown(terminal)).toContain('assistant: Some of it')
  expect(await lastMessages(talk.home)).toMatchObject([{}, {}, { content: 'Two' }, { content: 'Some of it\n\n', state: 'partial' }])
  await say({ ...talk, terminal }, '/retry', 'All of it')
  expect(await said(talk.home)).toEqual(['One', 'first', 'Two', 'All of it'])
})

test('two conversations in one session both land, and each knows what the other said', async () => {
  const talk = await openTalk()
  await say(talk, 'One', 'first')
  const other = { ...talk, terminal: await open(talk.home, {}, '-r') }
  await say(other, 'Two', 'second')
  await say(talk, 'Three', 'third')
  await say(other, 'Four', 'fourth')
  expect(await said(talk.home)).toEqual(['One', 'first', 'Two', 'second', 'Three', 'third', 'Four', 'fourth'])
  expect(talk.model.requests.at(-1)?.body.messages).toHaveLength(7)
})

test('a message may begin with a slash, and a command that is not there is not sent', async () => {
  const talk = await openTalk()
  await answer(talk.terminal, '/titel x', /there is no command \/titel[\s\S]*did you mean \/title\?/)
  await say(talk, '//etc/hosts says what?', 'Names.')
  await say(talk, '/usr/bin/env?', 'A program.')
  expect(await said(talk.home)).toEqual(['/etc/hosts says what?', 'Names.', '/usr/bin/env?', 'A program.'])
  const terminal = await open(talk.home, {}, '-r')
  terminal.type('\x1b[A')
  await terminal.until(/\/\/usr\/bin/)
})

test('/retry, /edit and /undo change the last exchange', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  await answer(terminal, '/retry', /there is no message yet/)
  await say(talk, 'One', 'first')
  await say(talk, 'Two', 'second')
  await say(talk, '/retry', 'second again')
  expect(await said(home)).toEqual(['One', 'first', 'Two', 'second again'])
  expect(model.requests.at(-1)?.body.messages.map(({ content }: { content: string }) => content)).toEqual(['One', 'first', 'Two'])
  await say(talk, '/edit Two and a half', 'third')
  expect(await said(home)).toEqual(['One', 'first', 'Two and a half', 'third'])
  await answer(terminal, '/undo', /Removed: Two and a half/)
  expect(await said(home)).toEqual(['One', 'first'])
  model.reply({ failure: 'unauthorized' })
  await answer(terminal, '/retry', /refused the key/)
  expect(await said(home)).toEqual(['One', 'first'])
})

test('/retry replaces a partial reply', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  model.reply({ text: ['Some'], cutAfter: 1 })
  await answer(terminal, 'Tell me', /the connection to ollama was cut/)
  expect(await lastMessages(home)).toMatchObject([{}, { content: 'Some', state: 'partial' }])
  await say(talk, '/retry', 'All of it')
  expect(await said(home)).toEqual(['Tell me', 'All of it'])
})

const sentOf = (model: Model) => model.requests.at(-1)?.body.messages.map(({ content }: { content: string }) => content)

test('what /edit and /retry replace stays until the new reply is whole', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  await say(talk, 'One', 'first')
  model.reply({ failure: 'unauthorized' })
  await answer(terminal, '/edit Uno', /refused the key/)
  expect(await said(home)).toEqual(['One', 'first', 'Uno'])
  expect(sentOf(model)).toEqual(['Uno'])
  await say(talk, '/retry', 'primo')
  expect(await said(home)).toEqual(['Uno', 'primo'])
  model.reply({ text: ['pri'], cutAfter: 1 })
  await answer(terminal, '/retry', /was cut/)
  expect(await said(home)).toEqual(['Uno', 'primo', 'pri'])
  model.reply({ text: ['prim'], cutAfter: 1 })
  await answer(terminal, '/retry', /was cut/)
  expect(await said(home)).toEqual(['Uno', 'primo', 'prim'])
  await say(talk, 'Due', 'secondo')
  expect(sentOf(model)).toEqual(['Uno', 'primo', 'Due'])
  expect(await said(home)).toEqual(['Uno', 'primo', 'prim', 'Due', 'secondo'])
  model.reply({ failure: 'unauthorized' })
  await answer(terminal, '/retry', /refused the key/)
  await say(talk, 'Tre', 'terzo')
  expect((await said(home)).slice(-4)).toEqual(['Due', 'secondo', 'Tre', 'terzo'])
  model.reply({ failure: 'unauthorized' })
  await answer(terminal, '/edit Three', /refused the key/)
  await say(talk, 'Four', 'fourth')
  expect((await said(home)).slice(-5)).toEqual(['Tre', 'terzo', 'Three', 'Four', 'fourth'])
})

test.each([[], ['--no-save']])('a reply without a word replaces nothing: %j', async (...argv) => {
  const talk = await openTalk({}, ...argv)
  const { terminal, home, model } = talk
  await say(talk, 'One', 'first')
  model.reply({ text: '' })
  await answer(terminal, '/retry', /the reply is empty/)
  await say(talk, 'Two', 'second')
  expect(sentOf(model).slice(0, 2)).toEqual(['One', 'first'])
  if (argv.length === 0) expect(await said(home)).toContain('first')
})

test('an edit that is cut leaves the reply that was cut before it', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  model.reply({ text: ['A long partial answer'], cutAfter: 1 })
  await answer(terminal, 'question', /was cut/)
  model.reply({ text: ['N'], cutAfter: 1 })
  await answer(terminal, '/edit question, mended', /was cut/)
  expect(await said(home)).toEqual(['question', 'A long partial answer', 'question, mended', 'N'])
  model.reply({ text: ['Nx'], cutAfter: 1 })
  await answer(terminal, '/retry', /was cut/)
  expect(await said(home)).toEqual(['question', 'A long partial answer', 'question, mended', 'Nx'])
  await say(talk, '/retry', 'New')
  expect(await said(home)).toEqual(['question, mended', 'New'])
})

test('/undo takes back an edit that had no reply', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  await say(talk, 'One', 'first')
  model.reply({ failure: 'unauthorized' })
  await answer(terminal, '/edit Uno', /refused the key/)
  await answer(terminal, '/undo', /Removed: Uno/)
  await say(talk, 'Two', 'second')
  expect(sentOf(model)).toEqual(['One', 'first', 'Two'])
  expect(await said(home)).toEqual(['One', 'first', 'Two', 'second'])
})

test('an editor that takes the text away changes nothing', async () => {
  const talk = await openTalk({ EDITOR: 'rm -f' })
  await say(talk, 'Say it', 'It')
  await answer(talk.terminal, '/edit', /the editor "rm -f" removed the file; nothing was changed/)
  expect(await said(talk.home)).toEqual(['Say it', 'It'])
})

test('/quit leaves', async () => {
  const { terminal, home } = await openTalk()
  terminal.type('/quit\r')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(await here(home).json('session', 'list', '--json')).toEqual([])
})

test('what takes long is told of in a line that goes again, also at Ctrl-C', async () => {
  const { terminal, model } = await openTalk()
  model.reply({ text: 'Hello', silent: true })
  const wait = async () => {
    terminal.clear()
    terminal.type('hi\r')
    await terminal.until(/waiting for ollama\/m …$/)
    terminal.clear()
  }
  await wait()
  terminal.type('\x03')
  await terminal.until(AT_PROMPT)
  expect(terminal.text()).toContain(`${CLEARED}^C`)
  await wait()
  model.release()
  await terminal.until(SUMMARY)
  expect(terminal.text()).toContain(`${CLEARED}Hello`)
})

test('neither a reply nor what Up brings back can steer the terminal', async () => {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  const content = 'x \u001b]52;c;b3duZWQ=\u0007 y'
  await seed(home, sample(1, { provider: 'ollama', model: 'm', messages: [{ role: 'user', content }] }))
  const terminal = await open(home, {}, '-s', 'sample000001')
  terminal.type('\x1b[A')
  await terminal.until(/x ␛\]52/)
  expect(terminal.text()).not.toContain('\u001b]52')
  terminal.type('\x15')
  await say({ home, model, terminal }, 'hi', 'before \x1b]0;owned\x07 after')
  expect(terminal.text()).toContain('after')
  expect(terminal.text()).not.toContain('\x1b]0;owned')
})

test('/edit without a text opens the editor', async () => {
  const home = makeHome()
  const editor = home.write('editor.sh', '#!/bin/sh\nstat -c %a "$1" > mode\nprintf "%s, twice" "$(cat "$1")" > "$1"\n')
  fs.chmodSync(editor, 0o755)
  const talk = await openTalk({ EDITOR: editor })
  await say(talk, 'Say it', 'It')
  await say(talk, '/edit', 'It it')
  expect(await said(talk.home)).toEqual(['Say it, twice', 'It it'])
  expect(talk.home.read('mode').trim()).toBe('600')
})

test('/title, /tag, /system, /model and /provider change the session', async () => {
  const talk = await openTalk()
  const { terminal, home, model } = talk
  await answer(terminal, '/tag early', /> /)
  await say(talk, 'Hello', 'Hi')
  await answer(terminal, '/title Greetings', /Greetings> /)
  await answer(terminal, `/tag go api --odd 'two words' more\\ words`, /Tagged/)
  await answer(terminal, '/tag', /early, go, api, --odd, two words, more words/)
  await answer(terminal, '/model other', /> /)
  await answer(terminal, '/model', /ollama\/other/)
  await answer(terminal, '/system Be brief.', /with the next message/)
  model.reply({ text: 'Ok' })
  await answer(terminal, 'More', /ollama\/other · /)
  expect(model.requests.at(-1)?.body).toMatchObject({ model: 'other', messages: [{ role: 'system', content: 'Be brief.' }, {}, {}, {}] })
  await answer(terminal, '/provider nobody', /there is no provider "nobody"/)
  await answer(terminal, '/help', /\/branch \[title\]/)
  expect(await here(home).json('session', 'list', '--json')).toMatchObject([
    { title: 'Greetings', tags: ['early', 'go', 'api', '--odd', 'two words', 'more words'], provider: 'ollama', model: 'other' },
  ])
})

test('/branch goes on in a copy, and /save writes the session', async () => {
  const talk = await openTalk()
  const { terminal, home } = talk
  await answer(terminal, '/save x.md', /there is no session yet/)
  await say(talk, 'Root', 'Reply')
  await answer(terminal, '/branch Other way', /Continuing in .*: Other way/)
  await say(talk, 'Only here', 'Yes')
  await answer(terminal, '/save talk.md', /Exported 1 session to talk\.md/)
  await answer(terminal, '/save "two words.md"', /Exported 1 session/)
  expect(home.read('two words.md')).toContain('Only here')
  expect(home.read('talk.md')).toContain('Only here')
  const sessions = await here(home).json('session', 'list', '--json')
  expect(sessions.map(({ title, message_count }: { title: string; message_count: number }) => [title, message_count])).toEqual(
    expect.arrayContaining([
      ['Root', 2],
      ['Other way', 4],
    ]),
  )
})

test('-s and -r go on in a session, whose messages Up goes through', async () => {
  const talk = await reopenTalk('Remember me', 'Yes', '-r')
  const { terminal } = talk
  expect(shown(terminal)).toContain('assistant: Yes')
  terminal.clear()
  terminal.type('\x1b[A')
  await terminal.until(/Remember me/)
  talk.model.reply({ text: 'Again' })
  terminal.type('\r')
  await terminal.until(/Again[\s\S]*ollama\/m/)
  expect(await said(talk.home)).toEqual(['Remember me', 'Yes', 'Remember me', 'Again'])
})

test('Tab completes commands and what they take, and a command that takes nothing says so', async () => {
  const { terminal } = await openTalk()
  await answer(terminal, '/retry now', /\/retry takes no argument/)
  terminal.type('/pro')
  await terminal.until(/\/pro/)
  terminal.type('\t')
  await terminal.until(/\/provider /)
  terminal.type('anth')
  await terminal.until(/anth/)
  terminal.type('\t')
  await terminal.until(/anthropic /)
})

test('with --no-save it remembers without storing', async () => {
  const talk = await openTalk({}, '--no-save')
  await say(talk, 'Secret', 'One')
  await say(talk, 'More', 'Two')
  expect(talk.model.requests.at(-1)?.body.messages).toHaveLength(3)
  expect(await here(talk.home).json('session', 'list', '--json')).toEqual([])
})

test('with --no-save it remembers what came of a reply that was cut', async () => {
  const talk = await openTalk({}, '--no-save')
  talk.model.reply({ text: ['Half'], cutAfter: 1 })
  await answer(talk.terminal, 'Tell me', /was cut/)
  await say(talk, 'Go on', 'of it')
  expect(sentOf(talk.model)).toEqual(['Tell me', 'Half', 'Go on'])
  talk.model.reply({ failure: 'unauthorized' })
  await answer(talk.terminal, '/edit Stop', /refused the key/)
  await say(talk, '/retry', 'Stopped')
  await say(talk, 'Bye', 'Bye')
  expect(sentOf(talk.model)).toEqual(['Tell me', 'Half', 'Stop', 'Stopped', 'Bye'])
})

test('with --no-save a session that is there stays as it is', async () => {
  const talk = await reopenTalk('Kept', 'Yes', '-r', '--no-save')
  const before = await okHere(talk.home, 'session', 'list', '--json')
  await answer(talk.terminal, '/tag x', /> /)
  await answer(talk.terminal, '/title Other', /Other> /)
  await say(talk, '/retry', 'No')
  await say(talk, 'More', 'Two')
  const { messages } = talk.model.requests.at(-1)?.body ?? {}
  expect(messages.map(({ content }: { content: string }) => content)).toEqual(['Kept', 'No', 'More'])
  await answer(talk.terminal, '/save x.md', /nothing of this conversation is stored/)
  await answer(talk.terminal, '/undo', /Removed: More/)
  expect(await okHere(talk.home, 'session', 'list', '--json')).toBe(before)
  expect(await said(talk.home)).toEqual(['Kept', 'Yes'])
})
