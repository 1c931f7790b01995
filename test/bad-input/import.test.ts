import { describe, expect, test } from 'vitest'
import { idOf, sessionOf } from '../helpers/backup.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'

const one = JSON.stringify(sessionOf(1))
const two = JSON.stringify(sessionOf(2))
const titles = async (home: Home) =>
  (await here(home).json<{ title: string }[]>('session', 'list', '--all', '--sort', 'title', '--json')).map(({ title }) => title)

describe('a file that is no backup is refused, and nothing of it lands', () => {
  const cases: [about: string, content: string | Buffer, ...says: (string | RegExp)[]][] = [
    ['empty', '', 'the input is empty'],
    ['blank', ' \n\t\n', 'the input is empty'],
    ['cut after a comma', `[${one},`, 'truncated'],
    ['cut before the bracket', `[${one}`, 'truncated'],
    ['cut in a string', `[${one},{"id":"aaa`, 'truncated'],
    ['a wrapper cut short', `{"sessions":[${one}]`, 'invalid JSON'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${one}`, 'utf16le'), 'UTF-16'],
    ['UTF-16 without a mark', Buffer.from(one, 'utf16le'), 'UTF-16'],
    ['Latin-1', Buffer.from(one.replace('Session', 'caf\xe9'), 'latin1'), 'invalid UTF-8'],
    ['HTML', '<html></html>', 'invalid JSON'],
    ['single quotes', "{'id':1}", 'invalid JSON'],
    ['null', 'null', 'expected a session'],
    ['numbers', '[1,2]', 'session 1: expected a session', 'session 2: expected a session'],
    ['an array of null', '[null]', 'session 1: expected a session'],
    ['an empty object', '{}', 'id: required', 'title: required', 'messages: required'],
    ['a blank title', JSON.stringify({ ...sessionOf(1), title: ' ' }), 'title: a title cannot be blank'],
    ['a bad id', JSON.stringify({ ...sessionOf(1), id: '../../etc' }), 'id: expected 12 characters'],
    ['a bad role', JSON.stringify({ ...sessionOf(1), messages: [{ role: 'bot', content: 'x' }] }), 'messages[0].role'],
    ['content of a wrong kind', JSON.stringify({ ...sessionOf(1), messages: [{ role: 'user', content: 1 }] }), 'messages[0].content'],
    ['a time that is none', JSON.stringify({ ...sessionOf(1), created_at: '2024-02-31T00:00:00Z' }), 'created_at'],
    ['metadata of a wrong kind', JSON.stringify({ ...sessionOf(1), metadata: [] }), 'metadata: expected an object'],
    ['text after the array', `[${one}] garbage ]`, 'invalid'],
    ['text after the wrapper', `{"sessions":[${one}]}}}`, 'invalid'],
    ['a broken wrapper', `{"sessions":[${one}], "x": ,,, }`, 'invalid'],
    ['a comma too many', `[${one},,${two}]`, 'unexpected ,'],
    ['a missing comma', `[${one} ${two}]`, 'comma'],
  ]
  /** Of a file of each kind, also the program refuses it. */
  const SPAWNED = ['empty', 'cut in a string', 'Latin-1', 'a bad role', 'a broken wrapper']
  test.each(cases)('%s', async (name, content, ...says) => {
    const home = makeHome()
    const file = home.write('in.json', content)
    const { run } = SPAWNED.includes(name) ? home : here(home)
    expectProblem(await run('session', 'import', '-i', file), 1, ...says, 'nothing was imported')
    expect(await titles(home)).toEqual([])
  })
})

test.each([
  ['arrays', `[${one}]\n[${two}]\n`],
  ['wrappers', `{"sessions":[${one}]}\n{"sessions":[${two}]}\n`],
])('two backups joined into one file (%s) lose no session in silence', async (_, content) => {
  const home = makeHome()
  home.write('in.json', content)
  const { code } = await home.run('session', 'import', '-i', 'in.json')
  expect([code, await titles(home)]).toSatisfy(([code, all]) => (code === 0 ? all.length === 2 : all.length === 0))
})

test('a byte order mark is no fault', async () => {
  const home = makeHome()
  await home.ok('session', 'import', '-i', home.write('in.json', `\ufeff${one}`))
  expect(await titles(home)).toEqual(['Session 1'])
})

describe('--keep-going imports every good session around a bad one', () => {
  const bad: [about: string, content: string | Buffer][] = [
    ['of a wrong shape', '{"id":7}'],
    ['that is no object', 'null'],
    ['that is no JSON', '{nope}'],
    ['that is not UTF-8', Buffer.from('{"id":"caf\xe9"}', 'latin1')],
    ['that is nested too deeply', `{"id":"zzzzzzzzzzzz","title":"x","messages":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ]
  test.each(bad)('%s', async (_, content) => {
    const home = makeHome()
    home.write('in.json', Buffer.concat([Buffer.from(`[${one},`), Buffer.from(content), Buffer.from(`,${two}]`)]))
    const { code, stdout, stderr } = await home.run('session', 'import', '-i', 'in.json', '--keep-going')
    expect(stderr).not.toContain('bug in ainative-code')
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Imported 2 sessions (4 messages), 1 invalid\n' })
    expect(await titles(home)).toEqual(['Session 1', 'Session 2'])
  })
})

describe('what cannot be read is named', () => {
  test.each([
    [['-i', 'nope.json'], 'cannot read nope.json'],
    [['-i', '.'], 'it is a folder'],
    [['--dir', 'nope'], 'cannot read nope'],
    [['--dir', 'empty'], 'no .json or .jsonl file'],
  ])('%j', async (argv, says) => {
    const home = makeHome()
    home.write('empty/readme.txt', 'x')
    expectProblem(await home.run('session', 'import', ...argv), 1, says)
  })
})

test('an id that is there already is refused, and the rest of the file with it', async () => {
  const home = makeHome()
  home.write('b.json', `[${two},${one}]`)
  await here(home).ok('session', 'import', '-i', home.write('a.json', one))
  expectProblem(await home.run('session', 'import', '-i', 'b.json'), 1, `there is already a session ${idOf(1)}`)
  expect(await titles(home)).toEqual(['Session 1'])
})
