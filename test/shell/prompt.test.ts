import { expect, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { useBegun } from '../helpers/begun.ts'
import { makeHome } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'
import { AT_PROMPT, answer, openShell, openTerminal } from '../helpers/pty.ts'

const PROMPT_AFTER_STOP = /\^C\r\n[\s\S]*ainative.*> /

test('the shell answers commands and expressions, and Ctrl-D leaves it', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title "A b"', /Created session/)
  await answer(shell, 'sessions.title', /"A b"\r\n/)
  await answer(shell, '1 + 1', /\r\n2\r\n/)
  await answer(shell, 'undefined', /no match\r\n/)
  shell.type('\x04')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
})

test('a wrong line is reported and the shell goes on', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  for (const [line, says] of [
    ['session list --nope', /error: session list has no flag --nope/],
    ['session lst', /did you mean session list\?/],
    ["session rename 'unclosed\r", /error: missing closing '/],
    ['nonsense words here', /error: not a command, and this is not JSONata/],
    ['$error("boom")', /error: the query failed: boom/],
    ['session show zzzzzz', /error: there is no session "zzzzzz"/],
  ] as const)
    await answer(shell, line, says)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
})

test('Ctrl-C clears a line that is being typed', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  shell.type('session delete --all --force')
  await shell.until(/--force/)
  shell.clear()
  shell.type('\x03')
  await shell.until(/ainative.*> /)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
})

test('Ctrl-C ends an expression that never ends by itself and keeps the shell', async () => {
  const home = makeHome()
  const begun = useBegun(home)
  const shell = await openShell(home)
  shell.clear()
  shell.type('($begun(); $f := function($x){$f($x + 1)}; $f(1))\r')
  await begun()
  shell.type('\x03')
  await shell.until(PROMPT_AFTER_STOP)
  expect(shell.running()).toBe(true)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
})

test('Ctrl-C ends an import at the prompt, nothing of it stays, and the shell goes on', async () => {
  const home = makeHome()
  home.write('b.json', backup({ sessions: 4000, messages: 20, chars: 600 }))
  const shell = await openShell(home)
  shell.clear()
  shell.type('session import -i b.json\r')
  await shell.until(/importing \d/)
  shell.type('\x03')
  await shell.until(PROMPT_AFTER_STOP)
  await answer(shell, '$count(sessions)', /\r\n0\r\n/)
  shell.type('\x04')
  await shell.ended()
  expect(lookInto(home)).toMatchObject({ sessions: 0, staged: 0, imports: 0 })
})

test('SIGTERM ends the shell', async () => {
  const shell = await openShell(makeHome())
  shell.signal('SIGTERM')
  expect(await shell.ended()).toMatchObject({ exitCode: 143 })
})

test.each([
  ['at the prompt', '', AT_PROMPT],
  ['half way through a line', 'session li', /session li/],
  ['while a long result is printed', '[1..1000000]\r', /\[33m100\D/],
])('a terminal that goes away ends the shell, %s', async (_, keys, shown) => {
  const shell = await openShell(makeHome())
  shell.type(keys)
  await shell.until(shown)
  shell.hangUp()
  expect(await shell.ended()).toEqual({ exitCode: 129, signal: 0 })
})

test('an answer to a question is no line of the shell', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title Kept', /Created session/)
  shell.clear()
  shell.type('session delete --all --confirm\r')
  await shell.until(/\[y\/N\]/)
  shell.clear()
  shell.type('n\r')
  await shell.until(/nothing was removed[\s\S]*ainative.*> /)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
  expect(home.read('.local/state/ainative-code/history').split('\n')).not.toContain('n')
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
})

test.each([
  ['Ctrl-C', '\x03', 130],
  ['Ctrl-D', '\x04', undefined],
])('%s at a question does nothing, and is no fault', async (_, key, code) => {
  const home = makeHome()
  await home.create('--title', 'Kept')
  const terminal = openTerminal(home, ['session', 'delete', '--all', '--confirm'])
  await terminal.until(/\[y\/N\]/)
  terminal.type(key)
  const { exitCode } = await terminal.ended()
  expect(terminal.text()).not.toContain('bug in ainative-code')
  if (code !== undefined) expect(exitCode).toBe(code)
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
})
