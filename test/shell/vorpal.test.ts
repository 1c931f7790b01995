import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { answer, openShell } from '../helpers/pty.ts'

const PLUGIN = `
const extension = (vorpal) =>
  vorpal.command('greet [name]', 'Greets').action(function ({ name }, done) { this.log('Hello ' + name); done() })
export default {
  name: 'greeter',
  apply({ hooks }) { hooks.shell.tap('greeter', (vorpal) => void vorpal.use(extension)) },
}
`

test('a vorpal extension adds commands to the shell; commands of the program go first', async () => {
  const home = makeHome()
  const file = home.write('greeter.mjs', PLUGIN)
  home.write('.config/ainative-code/config.json', JSON.stringify({ plugins: [file] }))
  const shell = await openShell(home)
  await answer(shell, 'greet Ada', /Hello Ada\r\n/)
  await answer(shell, '1 + 1', /\r\n2\r\n/)
  await answer(shell, 'help', /session list/)
  for (const line of ['exit now', 'quit now']) await answer(shell, line, /error: not a command/)
  shell.type('\x04')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
})
