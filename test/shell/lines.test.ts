import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { AT_PROMPT, answer, openShell } from '../helpers/pty.ts'

test('every line of a paste runs, whichever way the terminal sends it', async () => {
  const shell = await openShell(makeHome())
  const pastes = [
    ['1', '100 + 1\r100 + 2\r100 + 3\r'],
    ['2', '200 + 1\n200 + 2\n200 + 3\n'],
    ['3', '\x1b[200~300 + 1\r300 + 2\r300 + 3\r\x1b[201~'],
  ]
  for (const [start, paste = ''] of pastes) {
    shell.clear()
    shell.type(paste)
    for (const i of [1, 2, 3]) await shell.until(new RegExp(`\\r\\n${start}0${i}\\r\\n`))
    await shell.until(AT_PROMPT)
  }
})

test('a piped script runs its lines as typed, to the first failure', async () => {
  const home = makeHome()
  const script = '\ufeff$length("a\tb")\r\n# a comment\n\nundefined\n$error("boom")\n40 + 2\n'
  const { code, stdout, stderr } = await home.runWith({ input: script })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '3\n' })
  expect(stderr).toMatch(/^error: stdin:5: the query failed: boom$/m)
})

test('blanks around and quotes within a line arrive as typed', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, `   session create --title "it's  a \\"b\\""   `, /Created session/)
  await answer(shell, `session create --title 'x|y; $HOME a=b 007'`, /Created session/)
  expect((await home.json<{ title: string }[]>('session', 'list', '--json')).map(({ title }) => title)).toEqual([
    'x|y; $HOME a=b 007',
    `it's  a "b"`,
  ])
})

test('Up brings back the lines of an earlier shell, newest first', async () => {
  const home = makeHome()
  const first = await openShell(home)
  await answer(first, '111 + 1', /\r\n112\r\n/)
  await answer(first, '"x\\\\y"', /x\\\\y"\r\n/)
  await answer(first, 'undefined', /no match/)
  first.type('\x04')
  await first.ended()
  const second = await openShell(home)
  second.clear()
  second.type('\x1b[A')
  await second.until(/undefined/)
  second.type('\x1b[A')
  await second.until(/"x\\\\y"/)
  second.type('\x1b[A')
  await second.until(/111 \+ 1/)
  second.clear()
  second.type('\r')
  await second.until(/\r\n112\r\n/)
})

test('the history is for nobody else', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, '1', /\r\n1\r\n/)
  const { statSync } = await import('node:fs')
  expect(statSync(home.path('.local/state/ainative-code/history')).mode & 0o777).toBe(0o600)
})
