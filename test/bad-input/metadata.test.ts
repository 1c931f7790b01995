import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'

describe('metadata that cannot be is refused', () => {
  test.each([
    [['', 'x'], 'a metadata key cannot be blank'],
    [['status', 'deleted'], 'one of active, paused, archived'],
    [['archived', 'yes'], 'one of true, false'],
    [['title', ' '], 'a title cannot be blank'],
    [['nope'], 'no metadata "nope"'],
    [['constructor'], 'no metadata "constructor"'],
    [['--unset', 'title'], 'title'],
    [['k', '{', '--parse'], '--parse requires a JSON value'],
    [['a', 'b', '--unset', 'c'], 'not both'],
  ])('%j', async (words, says) => {
    const home = here(makeHome())
    const id = await home.create('--title', 'One')
    expectProblem(await home.run('session', 'meta', id, ...words), 2, says)
  })
})

test('any other key is kept as it is, and removed again', async () => {
  const home = here(makeHome())
  const id = await home.create('--title', 'One')
  for (const key of ['__proto__', 'constructor', 'messages', '007', 'a=b']) {
    await home.ok('session', 'meta', id, key, '1e5')
    expect(await home.ok('session', 'meta', id, key)).toBe('1e5\n')
    await home.ok('session', 'meta', id, '--unset', key)
    expectProblem(await home.run('session', 'meta', id, key), 2, 'no metadata')
  }
})

test("a metadata key named title does not hide the session's own", async () => {
  const home = here(makeHome())
  const id = await home.create('--title', 'Real', '--metadata', '{"title":"Fake","status":"fake"}')
  const text = await home.ok('session', 'meta', id)
  expect(text).toContain('Title: Real\n')
  expect(text).toContain('Status: active\n')
})

test('metadata nested fifty thousand levels deep is refused or kept, and never a crash', async () => {
  const home = here(makeHome())
  const id = await home.create('--title', 'One')
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  for (const argv of [
    ['session', 'create', '--title', 'x', '--metadata', `{"d":${deep}}`],
    ['session', 'meta', id, 'd', deep, '--parse'],
  ]) {
    const { stderr } = await home.run(...argv)
    expect(stderr).not.toMatch(/bug in ainative-code|call stack/)
  }
  await home.ok('session', 'show', id)
})
