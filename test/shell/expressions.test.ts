import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { answer, openShell, openTerminal } from '../helpers/pty.ts'
import { sample, seed } from '../helpers/seed.ts'

test('an array of flat objects is a table; anything else is JSON in colours', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: 'One' }), sample(2, { title: 'Two' }))
  const shell = await openShell(home)
  await answer(shell, 'sessions.{"title": title, "n": message_count}', /TITLE N\r\nTwo {3}0\r\nOne {3}0\r\n/)
  const json = await answer(shell, '{"a": [1, "x"], "b": null, "c": {"d": true}}', /\r\n\}\r\n/)
  expect(json).toContain(
    [
      '{',
      '  \x1b[36m"a"\x1b[39m: [',
      '    \x1b[33m1\x1b[39m,',
      '    \x1b[32m"x"\x1b[39m',
      '  ],',
      '  \x1b[36m"b"\x1b[39m: \x1b[33mnull\x1b[39m,',
      '  \x1b[36m"c"\x1b[39m: {',
      '    \x1b[36m"d"\x1b[39m: \x1b[33mtrue\x1b[39m',
      '  }',
      '}',
    ].join('\r\n'),
  )
  await answer(shell, '"\u202e\\u009b2J"', /"�2J"\r\n/)
})

test('there are no colours with NO_COLOR, nor through a pipe', async () => {
  const home = makeHome()
  const shell = await openShell(home, { NO_COLOR: '1' })
  await answer(shell, '{"a": [1]}', /\{\r\n {2}"a": \[\r\n {4}1\r\n {2}\]\r\n\}\r\n/)
  expect(await home.ok('query', '{"a": 1}')).toBe('{\n  "a": 1\n}\n')
  const terminal = openTerminal(home, ['query', '{"a": 1}', '--format', 'jsonl'])
  await terminal.until(/\{"a":1\}/)
})

test('an expression whose end came too early goes on in the next line', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, '$sum([1, 2,', / {6}\.\.\. /)
  await answer(shell, '39])', /\r\n42\r\n/)
  await answer(shell, '$sum([', / {6}\.\.\. /)
  await answer(shell, '', /error: /)
  await answer(shell, '$sum([1, 2, 3]))', /error: /)
  shell.clear()
  shell.type('$sum([\r')
  await shell.until(/\.\.\. /)
  shell.type('\x03')
  await shell.until(/\^C[\s\S]*ainative> /)
  await answer(shell, '\x1b[A\x1b[A', /\$sum\(\[1, 2, 3\]\)\)|error/)
  expect(home.read('.local/state/ainative-code/history')).toContain('$sum([1, 2,\\n39])\n')
})

test('names, the last result and @names hold from line to line, and complete', async () => {
  const home = makeHome()
  await seed(home, sample(1, { id: 'aaaa11112222', title: 'One' }), sample(2, { id: 'bbbb33334444', title: 'Two' }))
  const shell = await openShell(home)
  shell.type('$mine := sessions[title="Two"].id\r')
  await answer(shell, '$mine', /"bbbb33334444"/)
  await answer(shell, '$_', /"bbbb33334444"/)
  await answer(shell, 'session use @mine', /bbbb33334444 is now the active session/)
  shell.type('session show @mi')
  await shell.until(/@mi$/)
  shell.type('\t')
  await shell.until(/session show @mine /)
  await answer(shell, '', /Session:\S* Two/)
})
