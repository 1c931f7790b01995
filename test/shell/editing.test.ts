import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { AT_PROMPT, answer, openShell } from '../helpers/pty.ts'
import { sample, seed } from '../helpers/seed.ts'

test('the prompt names the active session, cut and escapeControls, as it is when the prompt is shown', async () => {
  const home = makeHome()
  await seed(
    home,
    sample(1, { id: 'aaaa11112222', title: 'REST API Development' }),
    sample(2, { id: 'bbbb33334444', title: 'x\x1b[31m\ny' }),
  )
  await seed(home, sample(3, { id: 'cccc55556666', title: '日本語のコミットメッセージを書くとても長い題名' }))
  const shell = await openShell(home)
  expect(shell.text()).toContain('ainative> ')
  await answer(shell, 'session use aaaa', /ainative \(REST API Development\)> /)
  await answer(shell, 'session use bbbb', /ainative \(x␛\[31m y\)> /)
  await answer(shell, 'session use cccc', /ainative \(日本語のコミットメッセージを…\)> /)
  await home.ok('session', 'rename', 'cccc55556666', 'Renamed elsewhere')
  await answer(shell, '1', /ainative \(Renamed elsewhere\)> /)
  await answer(shell, 'session delete cccc', /ainative \(x.*\)> /)
})

test('a shell whose store cannot be read has the plain prompt, and answers', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/sessions.db', 'this is no database, however long it is: '.repeat(40))
  const shell = await openShell(home)
  expect(shell.text()).toContain('ainative> ')
  await answer(shell, 'session list', /error: /)
  await answer(shell, 'help', /Usage: ainative-code/)
})

test('an open quote and a backslash at the end go on in the next line', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  shell.type(`session create --title "one\r`)
  await shell.until(/ {6}\.\.\. /)
  await answer(shell, 'two" --tags \\', / {6}\.\.\. /)
  await answer(shell, 'a,b', /Created session/)
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ title: 'one\ntwo', tags: ['a', 'b'] }])
  await answer(shell, `session rename "`, / {6}\.\.\. /)
  await answer(shell, '', /error: missing closing "/)
  await answer(shell, `session rename "`, / {6}\.\.\. /)
  shell.clear()
  shell.type('half\x03')
  await shell.until(/\^C[\s\S]*> /)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
})

test('a tab within a pasted line is text, in both kinds of paste; other control characters vanish', async () => {
  const shell = await openShell(makeHome())
  await answer(shell, '$length("a\tb") + 100', /\r\n103\r\n/)
  await answer(shell, '\x1b[200~$length("a\tb\t\t\x00\x1b[A\x07\u009b") + 200\x1b[201~', /\r\n207\r\n/)
  await answer(shell, '\x00\x00$length("a\x00b") + 300', /\r\n302\r\n/)
})

test('a pasted line of 1 MB runs', async () => {
  const shell = await openShell(makeHome())
  await answer(shell, `$length("${'x'.repeat(1_000_000)}") + 1`, /\r\n1000001\r\n/)
  await answer(shell, `\x1b[200~$length("${'x'.repeat(1_000_000)}") + 2\x1b[201~`, /\r\n1000002\r\n/)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
})

test('keys arrive whole, however they are cut', async () => {
  const shell = await openShell(makeHome())
  await answer(shell, '400 + 4', /\r\n404\r\n/)
  shell.clear()
  shell.type('\x1b[')
  shell.type('A')
  await shell.until(/400 \+ 4/)
  await answer(shell, '\x15"日本" & "é"', /\r\n"日本é"\r\n/)
})

test('Up and Down keep the line that is half typed', async () => {
  const shell = await openShell(makeHome())
  await answer(shell, '100 + 1', /\r\n101\r\n/)
  await answer(shell, '200 + 2', /\r\n202\r\n/)
  shell.type('\x1b[A')
  shell.type('\x1b[B')
  await answer(shell, '300 + 3', /\r\n303\r\n/)
  shell.type('1')
  shell.type('\x1b[A')
  shell.type('\x1b[B')
  await answer(shell, '7 + 1', /\r\n18\r\n/)
})

test('Ctrl-C leaves the words that were typed, and Ctrl-D deletes unless the line is empty', async () => {
  const shell = await openShell(makeHome())
  shell.type('12 + 300')
  await shell.until(/300/)
  shell.clear()
  shell.type('\x03')
  await shell.until(/\^C[\s\S]*> /)
  await shell.until(AT_PROMPT)
  await answer(shell, '5\x01\x041 + 1', /\r\n2\r\n/)
  shell.type('\x04')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
})

test('what a plugin throws later is a line, and the shell goes on', async () => {
  const home = makeHome()
  const now = home.path('now')
  const late = home.write(
    'late.cjs',
    `const wait = setInterval(() => {
      if (!require('node:fs').existsSync(${JSON.stringify(now)})) return
      clearInterval(wait)
      setTimeout(() => { throw new Error('late one') }, 0)
      setTimeout(() => Promise.reject('late two'), 1)
    }, 20)`,
  )
  const shell = await openShell(home, { NODE_OPTIONS: `--require ${late}` })
  shell.type('40 + ')
  await shell.until(/40 \+ /)
  home.write('now', '')
  await shell.until(/error: late one\r\n[\s\S]*error: late two\r\n[\s\S]*ainative> 40 \+ /)
  await answer(shell, '2', /\r\n42\r\n/)
})

test('`ainative-code shell` is the same shell', async () => {
  const { openTerminal } = await import('../helpers/pty.ts')
  const home = makeHome()
  const shell = openTerminal(home, ['shell'])
  await shell.until(/ainative> /)
  await answer(shell, '20 + 22', /\r\n42\r\n/)
  await answer(shell, 'shell', /error: the shell requires a terminal/)
  expect((await home.runWith({ input: '1\n' }, 'shell')).code).toBe(2)
})
