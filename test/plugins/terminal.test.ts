import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'
import { openShell, openTerminal } from '../helpers/pty.ts'
import { until } from '../helpers/until.ts'

test.each([
  ['a: [', 'cannot read the config'],
  ['storage: { path: 5 }', 'config storage.path: '],
  ['storage: 5', 'config storage: expected keys and values'],
  ['plugins: x', 'config plugins: expected a list of plugins'],
  ['plugins: [./none.ts]', `plugin 'none' (`],
])('the shell starts although the config says %s, and a line says what is wrong', async (text, says) => {
  const home = makeHome()
  home.write(USER_CONFIG, text)
  const shell = await openShell(home)
  expect(shell.text().match(/warning: /g)).toHaveLength(1)
  expect(shell.text()).toContain(says)
})

test('the shell survives plugins that fail at the start and later', async () => {
  const home = makeHome()
  usePlugins(home, {
    'throws.ts': `throw new Error('boom')`,
    'exits.ts': plugin(
      'exits',
      `hooks.commands.tap('x', ({ add }: any) => add({ name: 'leave', summary: '', input: z.object({}), run: () => process.exit(0) }))`,
    ),
  })
  const shell = await openShell(home)
  shell.type('leave\r')
  await shell.until(/failed in command 'leave': it called process\.exit\(0\)/)
  shell.type('config path\r')
  await shell.until(/Config folder/)
  expect(shell.running()).toBe(true)
})

test('Ctrl-C ends the program while a plugin loops at its load', async () => {
  const home = makeHome()
  const marker = home.path('begun')
  usePlugins(home, { 'loops.ts': `import fs from 'node:fs'\nfs.writeFileSync(${JSON.stringify(marker)}, '')\nfor (;;) {}` })
  const terminal = openTerminal(home, ['session', 'list'])
  await until('the load', () => fs.existsSync(marker))
  terminal.type('\x03')
  await terminal.ended()
  expect(terminal.text()).not.toContain('5 s')
})
