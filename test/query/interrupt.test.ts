import { describe, expect, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { AT_PROMPT, answer, openShell, openTerminal } from '../helpers/pty.ts'
import { thin } from '../helpers/thin.ts'

const LONG_RESULTS = [
  ['numbers', ['[1..1000000]']],
  ['an array within an object', ['{"a": [1..1000000]}']],
  ['lines', ['-r', '[1..1000000]']],
  // Wide rows, because a million narrow ones take seconds to compute.
  ['rows of a table', ['--format', 'table', '[1..120000].{"n": $, "text": "a text of fifty characters, so that few rows do it"}']],
] as const
/** Less than the shortest result. A fast machine prints some megabytes before it hears Ctrl-C. */
const NOT_ALL = 6_000_000

describe('printing a long result hears Ctrl-C', () => {
  test.each(thin(3, LONG_RESULTS))('%s, into a pipe', async (_, argv) => {
    const home = makeHome()
    const child = startCli(['query', '--timeout', '100', ...argv], { cwd: home.dir, env: home.env })
    let read = 0
    child.stdout.on('data', (chunk: Buffer) => {
      if (read === 0) child.kill('SIGINT')
      read += chunk.length
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130)
    expect(read).toBeLessThan(NOT_ALL)
  })

  test.each(thin(3, ['json', 'jsonl', 'csv', 'table']))('as %s, into a pipe that nobody reads', async (format) => {
    const home = makeHome()
    const argv = ['query', '--timeout', '100', '--format', format, '[1..50000].{"n": $}']
    const child = startCli(argv, { cwd: home.dir, env: home.env })
    await new Promise((resolve) => child.stdout.once('readable', resolve))
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
  })

  test.each(thin(2, LONG_RESULTS))('%s, on a terminal', async (_, argv) => {
    const terminal = openTerminal(makeHome(), ['query', '--timeout', '100', ...argv])
    await terminal.until(/1\d\d/)
    terminal.type('\x03')
    expect((await terminal.ended()).exitCode).toBe(130)
    expect(terminal.text().length).toBeLessThan(NOT_ALL)
  })

  test('one long text stops at the prompt', async () => {
    const shell = await openShell(makeHome())
    shell.clear()
    shell.type('($x := $pad("", 9000000, "x"); $x & $x & $x & $x & $x & $x)\r')
    await shell.until(/x{20}/)
    shell.type('\x03')
    await shell.until(AT_PROMPT)
    expect(shell.text()).not.toMatch(/x"\r/)
    shell.type('exit\r')
    await shell.ended()
  })

  test('the prompt is back, and the next line has its own answer alone', async () => {
    const shell = await openShell(makeHome())
    shell.clear()
    shell.type('[1..900000]\r')
    await shell.until(/33m1\d\d/)
    shell.type('\x03')
    await shell.until(/\^C\r\n/)
    await shell.until(AT_PROMPT)
    expect(shell.text()).not.toMatch(/33m[6-8]\d{5}/)
    expect(await answer(shell, '20 + 22', /\r\n42\r\n/)).not.toMatch(/\d{5}/)
    shell.type('exit\r')
    await shell.ended()
  })
})
