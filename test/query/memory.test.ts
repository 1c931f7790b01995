import fs from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { thin } from '../helpers/thin.ts'

/** A heap so small that a test fills it in a moment. */
const SMALL = { NODE_OPTIONS: '--max-old-space-size=160' }
const MEMORY = /^error: (stdin:\d: )?the query exceeded the memory limit of \d+ MB and was stopped\nhint: query less data at a time\n$/
const GROW = '$f := function($x, $n){ $n = 0 ? $x : $f($append($x, $x), $n - 1) }'
const DOUBLE = '$d := function($x, $n){ $n = 0 ? $x : $d($x & $x, $n - 1) }'

describe('a query that needs too much memory is an error', () => {
  const TOO_MUCH = [
    ['arrays', `(${GROW}; $count($f([1..1000], 18)))`],
    ['texts', '$count($map([1..3000], function($i){ $uppercase($pad("x" & $i, 200000)) }))'],
    ['objects', '$count([1..5000000].{"a": $string($)})'],
    ['a text of which V8 makes an array', `(${DOUBLE}; $length($d("x", 27)))`],
    ['a text that is split into more than an array holds', `(${DOUBLE}; $count($split($d("x", 28), "")))`],
  ] as const
  test.each(thin(3, TOO_MUCH))('%s', async (_, expression) => {
    const { code, stdout, stderr } = await makeHome(SMALL).run('query', '--timeout', '60', expression)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(MEMORY)
  })

  test.each([
    ['$length($pad("x", 5e8))', '$pad creates strings of up to 10000000 characters'],
    ['$pad("x", -5e8)', '$pad creates strings of up to 10000000 characters'],
    ['[1..1e9]', 'must not exceed 1e7'],
    [`(${DOUBLE}; $length($d("x", 40)))`, 'Invalid string length'],
    ['$replace($pad("x", 1000000, "x"), "x", $pad("y", 10000))', 'Invalid string length'],
    ['$join([1..1000].($pad("x", 1000000)))', 'Invalid string length'],
    ['($f := function($n){ $n = 0 ? 1 : {"a": $f($n - 1)} }; $f(2500))', 'nested too deep'],
  ])('%s is refused in a sentence', async (expression, says) => {
    const { code, stdout, stderr } = await makeHome().run('query', '--timeout', '60', expression)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('bug in ainative-code')
  })

  test('$pad fills with the characters of a text, on either side', async () => {
    const home = makeHome()
    expect(
      await home.json('query', '[$pad("ab", -9, "é😀"), $pad("ab", 5), $pad("ab", 4, "xyz"), $pad("ab", 1), $pad("ab", 3, "")]'),
    ).toEqual(['é😀é😀é😀éab', 'ab   ', 'abxy', 'ab', 'ab '])
  })

  test('the script goes on, and has its variables', async () => {
    const lines = ['$kept := [1, 2, 3]', GROW, '$count($f([1..1000], 18))', '$sum($kept)', '$count($f($kept, 2))']
    const { code, stdout, stderr } = await makeHome(SMALL).runWith({ input: lines.join('\n') }, 'run', '-', '--keep-going')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '6\n12\n' })
    expect(stderr).toMatch(MEMORY)
  })
})

test.runIf(process.platform === 'linux')('a query ends with the program, also where that is killed', async () => {
  const home = makeHome()
  const child = startCli(['query', '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'], {
    cwd: home.dir,
    env: home.env,
  })
  const worker = await until(() => childrenOf(child.pid).find((pid) => isWorker(pid)))
  child.kill('SIGKILL')
  await until(() => !isWorker(worker) || undefined)
})

const childrenOf = (pid: number | undefined): number[] =>
  (readOf(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number)

const isWorker = (pid: number) => (readOf(`/proc/${pid}/cmdline`) ?? '').includes('worker.cjs')

function readOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const until = <T>(look: () => T | undefined): Promise<T> => vi.waitUntil(look, { timeout: 20_000, interval: 20 }) as Promise<T>
