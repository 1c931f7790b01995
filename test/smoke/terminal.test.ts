import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { answer, openShell } from '../helpers/pty.ts'

test('the shell runs commands and expressions, completes a word, survives Ctrl-C and ends', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title One', /Created session \w{12}/)
  await answer(shell, '$uppercase(sessions.title)', /"ONE"/)
  shell.clear()
  shell.type('session li\t')
  await shell.until(/session list /)
  shell.type('\x03')
  await answer(shell, '1 + 1', /\n2\r/)
  shell.type('exit\r')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
})
