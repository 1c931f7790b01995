import { describe, expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

describe('query', () => {
  test('reads its expression from a file, or from standard input', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    home.write('q.jsonata', '\ufeff/* titles */\nsessions\n  .title\n')
    expect(await home.ok('query', '-f', 'q.jsonata')).toBe('"One"\n')
    expect((await home.runWith({ input: 'sessions.title\n' }, 'query')).stdout).toBe('"One"\n')
    expect((await home.runWith({ input: '1 + 1' }, 'query', '-f', '-')).stdout).toBe('2\n')
  })

  test.each([
    [['query', '-f', 'nope.jsonata'], 1, 'cannot read nope.jsonata: there is no such file'],
    [['query', '-f', 'q', '1'], 2, 'query takes an expression or --file, not both'],
    [['query', ''], 2, 'query needs <expression>'],
    [['query', 'sessions[title="x'], 2, 'this is not JSONata'],
    [['query', '$summ(1)'], 1, 'there is no function $summ\n  $summ(1)\n       ^\nhint: did you mean $sum?'],
    [['query', '1 + "a"'], 1, 'the query failed: The right side of the "+" operator must evaluate to a number'],
    [['query', 'function($x){$x}'], 1, 'the query returns a function'],
    [['query', '{"f": function($x){$x}}'], 1, 'the query returns a function'],
  ] as const)('%j ends with %i', async (argv, exit, says) => {
    const { code, stdout, stderr } = await makeHome().run(...argv)
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('bug in ainative-code')
  })

  test('a fault in an expression of many lines is shown in its own line', async () => {
    const { stderr } = await makeHome().run('query', 'sessions[\n\ttitle = = 1\n]')
    expect(stderr).toBe('error: this is not JSONata: The symbol "=" cannot be used as a unary operator\n   title = = 1\n           ^\n')
  })

  test('-r writes texts without quotes, a line each', async () => {
    const home = makeHome()
    for (const title of ['B "b"', 'A']) await home.create('--title', title)
    expect(await home.ok('query', '-r', 'sessions^(title).title')).toBe('A\nB "b"\n')
    expect(await home.ok('query', '--raw', '[1, {"a": 2}]')).toBe('1\n{"a":2}\n')
    expect((await home.runWith({ input: '1 + 1' }, 'query', '-')).stdout).toBe('2\n')
  })

  test('messages are there with the fields of the session and their own', async () => {
    const home = makeHome()
    home.write(
      's.json',
      JSON.stringify({
        id: 'aaaaaaaaaaa1',
        title: 'One',
        messages: [{ role: 'assistant', content: 'hi', timestamp: '2024-01-01T00:00:00Z', model: 'm1', usage: { input: 3, output: 4 } }],
      }),
    )
    await home.ok('session', 'import', '-i', 's.json')
    const [message] = await home.json('query', 'sessions.messages[]')
    expect(message).toMatchObject({ role: 'assistant', content: 'hi', timestamp: '2024-01-01T00:00:00.000Z', seq: 1, model: 'm1' })
    expect(await home.ok('query', '$sum(sessions.messages.usage.output)')).toBe('4\n')
  })

  test('a query does not wait for a writer, nor a writer for a query', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    const [answer, ...others] = await Promise.all([
      home.run('query', '$count(sessions)'),
      ...Array.from({ length: 5 }, (_, i) => home.run('session', 'create', '--title', `More ${i}`)),
    ])
    expect(others.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
    expect(Number(answer.stdout)).toBeGreaterThan(0)
  })
})
