import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'

async function filled(): Promise<Home> {
  const home = makeHome()
  for (const title of ['One', 'Two', 'Three']) await home.create('--title', title, '--provider', title === 'Two' ? 'openai' : 'ollama')
  return home
}

const lines = (home: Home, ...script: string[]) => home.runWith({ input: `${script.join('\n')}\n` })

describe('variables in the shell and in scripts', () => {
  test('$name := … stays for the lines after it and prints nothing', async () => {
    const { code, stdout, stderr } = await lines(
      await filled(),
      '$some := sessions[provider="ollama"]',
      '$count($some)',
      '$titles := $some.title',
      '$join($sort($titles), "+")',
      '$inc := function($x){ $x + 1 }',
      '$inc($inc(40))',
      '$some := 5',
      '$some',
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '2\n"One+Three"\n42\n5\n', stderr: '' })
  })

  test('$_ is the last result, of an expression or of a command', async () => {
    const { stdout } = await lines(await filled(), '40', '$_ + 2', 'session list --sort title', '$_.title', '$count($_)')
    expect(stdout).toContain('\n42\n'.slice(1))
    expect(stdout).toContain('[\n  "One",\n  "Three",\n  "Two"\n]\n3\n')
  })

  test('@name stands for the ids in that value, wherever a session id is taken', async () => {
    const home = await filled()
    const { code, stderr } = await lines(
      home,
      '$mine := sessions[provider="ollama"]',
      'session tag @mine local',
      '$two := sessions[title="Two"].id',
      'session rename @two Zwei',
      'session show @two --summary',
      'session list --tag local',
      'session archive @_',
      '$none := sessions[title="nothing"]',
      'session tag @none never',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = await home.json<{ title: string; tags: string[]; status: string }[]>('session', 'list', '--all', '--json')
    expect(rows.map(({ title, tags, status }) => [title, tags.join(), status]).sort()).toEqual([
      ['One', 'local', 'archived'],
      ['Three', 'local', 'archived'],
      ['Zwei', '', 'active'],
    ])
  })

  test.each([
    ['session show @nope', 'there is no variable $nope for @nope'],
    ['$n := 5\nsession show @n', '$n holds more than session ids: 5'],
    ['$all := sessions\nsession use @all', '@all has 3 session ids, expected one'],
    ['$f := function(){1}\nsession show @f', 'there is no variable $f for @f'],
    ['$x := sessions.title\nsession show @x', 'is not a session id'],
  ])('%j is refused in a sentence', async (script, says) => {
    const { code, stdout, stderr } = await lines(await filled(), ...script.split('\n'))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(says)
  })

  test('a value is kept as it was when it was set', async () => {
    const home = await filled()
    const { stdout } = await lines(home, '$before := $count(sessions)', 'session create --title Four', '$before & " " & $count(sessions)')
    expect(stdout).toMatch(/"3 4"\n$/)
  })

  test('a one-shot query prints what it sets', async () => {
    expect(await makeHome().ok('query', '$x := 5')).toBe('5\n')
  })
})
