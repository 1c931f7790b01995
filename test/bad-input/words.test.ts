import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'

describe('wrong words on the command line end with 2, name the value and suggest what was meant', () => {
  const cases: [argv: string[], ...says: string[]][] = [
    [['session', 'create', '--title', ''], 'a title cannot be blank'],
    [['session', 'create', '--title', ' \n\t'], 'a title cannot be blank'],
    [['session', 'create'], 'needs --title'],
    [['session', 'create', '--title', 'x', '--provider', 'antropic'], '"antropic"', 'did you mean anthropic?'],
    [['session', 'create', '--title', 'x', '--provider', '__proto__'], 'there is no provider "__proto__"'],
    [['session', 'create', '--title', 'x', '--metadata', '[1]'], 'expected a JSON object'],
    [['session', 'create', '--title', 'x', '--metadata', '{'], 'expected a JSON object'],
    [['session', 'create', '--title', 'x', '--metadata', '{"tags":"a"}'], 'tags'],
    [['session', 'create', '--title', 'x', '--metadata', '{"tags":[" "]}'], 'blank'],
    [['session', 'list', '-n', '0'], '--limit "0"'],
    [['session', 'list', '-n', '-5'], '--limit "-5"'],
    [['session', 'list', '--limit', '1e3'], '--limit "1e3"'],
    [['session', 'list', '--limit', ''], '--limit ""'],
    [['session', 'list', '--limit', '1.5'], '--limit "1.5"'],
    [['session', 'list', '--limit'], '--limit needs a value'],
    [['session', 'list', '--sort', 'dat'], '"dat"', 'did you mean date?'],
    [['session', 'list', '--sort', 'constructor'], 'expected date, title, messages'],
    [['session', 'list', '--format', 'jsn'], '"jsn"', 'did you mean json?'],
    [['session', 'list', '--since', ''], '--since ""'],
    [['session', 'list', '--since', '2024-02-30'], '2024-02-30'],
    [['session', 'list', '--older-than', '30'], '--older-than "30"'],
    [['session', 'list', '--revers'], 'no flag --revers', 'did you mean --reverse?'],
    [['session', 'list', '--__proto__=1'], 'no flag --__proto__'],
    [['session', 'list', '--reverse=true'], '--reverse takes no value'],
    [['session', 'list', 'more'], 'unexpected argument "more"'],
    [['session', 'lst'], '"session lst"', 'did you mean session list?'],
    [['sesion', 'list'], 'did you mean session list?'],
    [['constructor'], 'unknown command "constructor"'],
    [[''], 'unknown command ""'],
    [['--nope'], '--nope'],
    [['session', 'export', '--all', '--format', 'markdwn'], 'did you mean markdown?'],
    [['session', 'export', '--all', '--format', 'toString'], 'there is no format "toString"'],
    [['session', 'export', '--all', '-o', ''], '--output ""'],
    [['session', 'delete', '--all'], '--confirm', '--force'],
    [['session', 'import'], 'requires a file'],
    [['session', 'import', '-i', 'x.json', '--merge', '--new-id'], 'cannot be combined'],
    [['query', '('], 'this is not JSONata'],
    [['query'], 'query needs <expression>'],
    [['session', 'list', '--where', '('], 'this is not JSONata'],
  ]
  /** The commands whose words the program gets: one of each kind. The others run in this process. */
  const SPAWNED = ['session create', '--nope', '', 'session list --limit', 'sesion list', 'query', 'query (']
  test.each(cases)('%j', async (argv, ...says) => {
    const home = makeHome()
    const { run } = SPAWNED.includes(argv.join(' ')) ? home : here(home)
    expectProblem(await run(...argv), 2, ...says)
  })
})

test('a blank selection, as from an unset shell variable, takes no sessions away', async () => {
  const home = makeHome()
  await home.create('--title', 'Precious')
  for (const flag of ['--search', '--tag', '--project', '--where']) {
    await home.run('session', 'delete', flag, '')
    expect({ flag, left: (await here(home).json('session', 'list', '--json')).length }).toEqual({ flag, left: 1 })
  }
})

test('a limit larger than any list is all of it', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  expect(await home.json('session', 'list', '-n', '99999999999999999999999', '--json')).toHaveLength(1)
})
