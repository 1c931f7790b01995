import { describe, expect, test } from 'vitest'
import { backup, idOf } from '../helpers/backup.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'

async function twelve(): Promise<Home> {
  const home = makeHome()
  await here(home).ok('session', 'import', '-i', home.write('b.json', backup({ sessions: 12 })))
  return home
}

const COMMANDS = [
  ['show', 'ID'],
  ['rename', 'ID', 'x'],
  ['tag', 'ID', 'x'],
  ['untag', 'ID', 'x'],
  ['meta', 'ID', 'k', 'v'],
  ['use', 'ID'],
  ['fork', 'ID'],
  ['archive', 'ID'],
  ['unarchive', 'ID'],
  ['delete', 'ID'],
  ['restore', 'ID'],
  ['purge', 'ID'],
  ['export', 'ID', '-o', '-'],
]

describe('every command refuses a bad id alike', () => {
  test.each(COMMANDS)('session %s', async (...words) => {
    const home = makeHome()
    await home.create('--title', 'One')
    const withId = (id: string) => ['session', ...words.map((word) => (word === 'ID' ? id : word))]
    expectProblem(await home.run(...withId('abcdefgh')), 1, 'there is no session "abcdefgh"')
    for (const [id, says] of [
      ['abc', 'too short'],
      ['1e5', 'too short'],
      ['', 'not a session id'],
      ['ABCDEF', 'not a session id'],
      ['../..', 'not a session id'],
      ['12345678', 'there is no session "12345678"'],
      ['aaaaaaaaaaaaa', 'not a session id'],
    ] as const)
      expectProblem(await here(home).run(...withId(id)), 1, says)
  })
})

test('an ambiguous id lists ten candidates and asks for more', async () => {
  const home = await twelve()
  const result = await home.run('session', 'show', '0000')
  expectProblem(result, 1, 'the id "0000" is ambiguous', 'hint: use more characters of the id')
  expect(result.stderr.match(/Session \d/g)).toHaveLength(10)
})

test('a mistyped id suggests the nearest one', async () => {
  const home = await twelve()
  expectProblem(await home.run('session', 'show', '00000000000z'), 1, /did you mean 00000000000[0-9a]\?/)
})

test('one bad id of many leaves all of them as they were', async () => {
  const home = await twelve()
  expectProblem(await home.run('session', 'delete', idOf(1), idOf(2), 'zzzzzz'), 1, 'there is no session "zzzzzz"')
  expect(await here(home).json('session', 'list', '--all', '--json')).toHaveLength(12)
})

test('an id with selection flags is wrong usage', async () => {
  const home = await twelve()
  for (const command of ['delete', 'export', 'archive'])
    expectProblem(await home.run('session', command, idOf(1), '--tag', 'tag1'), 2, 'not both')
  expectProblem(await home.run('session', 'tag', idOf(1), 'x', '--tag', 'tag1'), 2, 'not both')
})

test('nothing on standard input renames nothing, and says so', async () => {
  const home = await twelve()
  const result = await home.run('session', 'rename', '-', 'x')
  expect(result.stdout).not.toContain('undefined')
  expect(result.code).not.toBe(0)
})
