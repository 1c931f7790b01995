import { describe, expect, test } from 'vitest'
import { useBegun } from '../helpers/begun.ts'
import { makeHome, startCli } from '../helpers/cli.ts'

const RUNAWAY = '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'

describe('a query is bounded', () => {
  test.each([
    ['a regular expression', RUNAWAY],
    ['a tail recursion', '($f := function($x){ $f($x + 1) }; $f(1))'],
    ['a search that is quadratic', '$count($distinct([1..1000000]))'],
  ])('%s that does not end is stopped after --timeout', async (_, expression) => {
    const { code, stdout, stderr } = await makeHome().run('query', '--timeout', '0.5', expression)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: the query took longer than 0.5 s and was stopped\nhint: query --timeout SECONDS extends the time limit\n',
    })
  })

  test('a recursion without an end is an error', async () => {
    const { code, stderr } = await makeHome().run('query', '($f := function($n){ 1 + $f($n + 1) }; $f(0))')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: the query failed: Stack overflow/)
  })

  test('a recursion with an end may be deep', async () => {
    expect(await makeHome().ok('query', '($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(1500))')).toBe('1500\n')
  })

  test.each(['0', '-1', 'soon', ''])('--timeout %j is wrong usage', async (seconds) => {
    const { code, stderr } = await makeHome().run('query', `--timeout=${seconds}`, '1')
    expect(code).toBe(2)
    expect(stderr).toContain('expected seconds')
  })

  test('Ctrl-C ends a regular expression that does not end', async () => {
    const home = makeHome()
    const begun = useBegun(home)
    const child = startCli(['query', `[$begun(), ${RUNAWAY}]`], { cwd: home.dir, env: home.env })
    await begun()
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
  })

  test('ten million rows are printed, or refused in a sentence', async () => {
    const { code, stderr } = await makeHome().run('query', '$count([1..10000000])')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const more = await makeHome().run('query', '[1..10000001]')
    expect(more.code).toBe(1)
    expect(more.stderr).toMatch(/^error: the query failed: The size of the sequence/)
  })

  test('the same holds for --where', async () => {
    const home = makeHome()
    await home.create('--title', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')
    const begun = useBegun(home)
    const where = '$begun() and $match(title, /(a+)+$/) != []'
    const child = startCli(['session', 'list', '--where', where], { cwd: home.dir, env: home.env })
    await begun()
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
  })
})

test('after a query was stopped the variables are still there, functions too', async () => {
  const home = makeHome()
  const script = ['$two := 2', '$double := function($x){ $x * $two }', `query --timeout 0.5 '${RUNAWAY}'`, '$double(21)'].join('\n')
  const { code, stdout, stderr } = await home.runWith({ input: script }, 'run', '-', '--keep-going')
  expect(stderr).toContain('stdin:3: the query took longer than 0.5 s')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '42\n' })
})
