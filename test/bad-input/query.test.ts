import { describe, expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { thin } from '../helpers/thin.ts'

describe('a query that fails says why', () => {
  test.each([
    ['$error("boom")', 'boom'],
    ['$sum', 'function'],
    ['[$sum, function($x){1}]', 'function'],
    ['{"a":$sum}', 'function'],
    ['$sum(sessions.title)', 'the query failed'],
    ['$nope()', 'there is no function $nope'],
    ['[1..20000000]', 'the query failed'],
    ['$toMillis("x")', 'the query failed'],
  ])('%s', async (expression, says) => {
    const home = makeHome()
    await home.create('--title', 'One')
    expectProblem(await home.run('query', expression), 1, says)
  })
})

describe('--where takes true, false and nothing; all else names the session', () => {
  const cases = ['1', 'title', '[]', 'null', '$sum', 'function(){true}', '$error("boom")', '$nope()']
  test.each(thin(2, cases))('%s', async (expression) => {
    const home = makeHome()
    const id = await home.create('--title', 'One')
    expectProblem(await home.run('session', 'list', '--where', expression), 1, '--where', id)
  })
})

test('names of Object.prototype are fields like any other', async () => {
  const home = makeHome()
  await home.create('--title', 'One', '--metadata', '{"__proto__":{"a":1},"constructor":2}')
  expect(await home.json('query', 'sessions.metadata.`__proto__`.a')).toBe(1)
  expect(await home.json('query', 'sessions.metadata.constructor')).toBe(2)
  expect(await home.run('query', 'sessions.metadata.toString')).toMatchObject({ code: 0, stdout: '' })
})

test('a result of 200,000 numbers is written whole', async () => {
  const home = makeHome()
  const { code, stdout } = await home.run('query', '[1..200000]', '--format', 'jsonl')
  expect(code).toBe(0)
  expect(stdout.length).toBe(1_288_895)
})

test('CSV has a column for every key, also those that the first row lacks', async () => {
  const home = makeHome()
  expect(await home.ok('query', '[{"a":1},{"b":2}]', '--format', 'csv')).toBe('a,b\n1,\n,2\n')
})

test('CSV keeps a text that a spreadsheet would run as a formula, and leaves numbers as they are', async () => {
  const home = makeHome()
  const cells = [`{"t":"=1+1"}`, `{"t":"+1"}`, `{"t":"-1"}`, `{"t":"@SUM(A1)"}`, `{"t":"\\t=1"}`, `{"t":"＝1"}`, `{"t":-1}`, `{"t":"a=1"}`]
  expect(await home.ok('query', `[${cells.join()}]`, '--format', 'csv')).toBe(
    ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'＝1", '-1', 'a=1'].reduce((text, cell) => `${text}${cell}\n`, 't\n'),
  )
  expect(await home.ok('query', `[{"=A1":"=\\"x\\",1"}]`, '--format', 'csv')).toBe(`'=A1\n"'=""x"",1"\n`)
})
