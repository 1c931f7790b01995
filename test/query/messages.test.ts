import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { adds, plugin, usePlugins } from '../helpers/plugins.ts'
import { AT_PROMPT, answer, openShell } from '../helpers/pty.ts'
import { sample, script, seed, talk } from '../helpers/seed.ts'

const RUNAWAY = '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'

async function filled(home = makeHome()): Promise<Home> {
  await seed(
    home,
    sample(1, { messages: talk('Where is it?', 'Here.', 'Thanks.') }),
    sample(2, { provider: 'openai', messages: talk('Hello') }),
    sample(3),
  )
  return home
}

/** What each line of a script prints. */
async function results(home: Home, ...lines: string[]): Promise<unknown[]> {
  const quiet = lines.map((line) => (/^\$\w+ :=/.test(line) ? line : `query --format jsonl '${line.replaceAll("'", "'\\''")}'`))
  const { code, stdout, stderr } = await script(home, ...quiet)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const ONE = 'sessions[id="sample000001"]'

describe('the messages of a session are there, however an expression reaches them', () => {
  test.each([
    ['$f := function($x){ $count($x.messages) }', `$f(${ONE})`, 3],
    ['$n := "mess" & "ages"', '$count($lookup(sessions, $n))', 4],
    ['$x := 1', '$count($eval("sessions.messages"))', 4],
    ['$x := 1', '$count($eval("**.content"))', 4],
    ['$x := 1', '$count(**.content)', 4],
    [`$s := ${ONE}`, '$s.messages[0].content', 'Where is it?'],
    [`$s := ${ONE}`, '$count($s.**[role="user"])', 2],
    ['$s := sessions', '$join($s.messages.content, "|")', 'Hello|Where is it?|Here.|Thanks.'],
    [`$s := $merge([${ONE}, {"x": 1}])`, '$count($s.messages)', 3],
    [`$s := $clone(${ONE})`, '$count($s.messages)', 3],
    ['$s := $sort(sessions, function($a, $b){ $count($a.messages) < $count($b.messages) })', '$s[0].id', 'sample000001'],
    ['$s := sessions^(>$count(messages))', '$s[0].id', 'sample000001'],
    ['$p := function($s){ $s.messages }', '$count($p(sessions))', 4],
  ])('%s then %s', async (first, then, value) => {
    expect(await results(await filled(), first, then)).toEqual([value])
  })

  test('a session prints as its row, and its messages where they are asked for', async () => {
    const home = await filled()
    const row = await home.json('query', `${ONE}[$count(messages) = 3]`)
    expect(row).toEqual((await home.json('session', 'list', '--search', 'Session 1', '--json'))[0])
    expect(row).not.toHaveProperty('messages')
    expect(await home.json('query', `$count($keys(sessions)[$="messages"])`)).toBe(0)
    expect((await home.json('query', `$merge([${ONE}, {"messages": ${ONE}.messages}])`)).messages).toHaveLength(3)
  })

  test('a change of a copy changes nothing else', async () => {
    expect(
      await results(
        await filled(),
        `$copy := ${ONE} ~> |messages|{"content": "changed"}|`,
        '$distinct($copy.messages.content)',
        `${ONE}.messages[0].content`,
        `(${ONE} ~> |$|{"messages": $count(messages)}|).messages`,
        `$count((${ONE} ~> |$|{}, "messages"|).messages)`,
      ),
    ).toEqual(['changed', 'Where is it?', 3, 0])
  })

  test('a plugin’s function reads them too, and its changes stay its own', async () => {
    const home = makeHome()
    const call = '(session) => { const n = session.messages.length; session.messages.length = 0; return n }'
    usePlugins(home, { 'p.ts': plugin('p', adds('functions', `{ name: 'length_of', call: ${call} }`)) })
    await filled(home)
    expect(await results(home, `$length_of(${ONE})`, `$count(${ONE}.messages)`)).toEqual([3, 3])
  })

  test('--where sees them', async () => {
    const home = await filled()
    expect(await home.json('session', 'list', '--where', '"Here." in messages.content', '--json')).toMatchObject([{ id: 'sample000001' }])
    expect(await home.json('session', 'list', '--where', '$count(messages) = 0', '--json')).toMatchObject([{ id: 'sample000003' }])
  })
})

describe('a result that is kept has its messages in later lines', () => {
  test('as $_, of an expression or of a command', async () => {
    const { stdout } = await script(await filled(), ONE, '$_.messages[2].content', 'session list --sort title', '$count($_.messages)')
    expect(stdout).toContain('"Thanks."\n')
    expect(stdout).toMatch(/\n4\n$/)
  })

  test('after a query was stopped, by a new worker', async () => {
    const lines = [`$s := ${ONE}`, '$f := function($x){ $count($x.messages) }', ONE, `query --timeout 0.5 '${RUNAWAY}'`]
    const { stdout, stderr } = await (await filled()).runWith(
      { input: [...lines, '$count($_.messages)', '$count($s.messages)', '$f($s)'].join('\n') },
      'run',
      '-',
      '--keep-going',
    )
    expect(stderr).toContain('stdin:4: the query took longer than 0.5 s')
    expect(stdout).toMatch(/\n}\n3\n3\n3\n$/)
  })

  test('after Ctrl-C at the prompt', async () => {
    const shell = await openShell(await filled())
    await answer(shell, `$s := ${ONE}`, AT_PROMPT)
    await answer(shell, `${ONE}.id`, /"sample000001"/)
    shell.clear()
    shell.type(`${RUNAWAY}\r`)
    await shell.until(/\$\/\)\r+\n/)
    shell.type('\x03')
    await shell.until(AT_PROMPT)
    await answer(shell, '$count($s.messages) & " messages"', /"3 messages"/)
    await answer(shell, '"last: " & $_', /"last: 3 messages"/)
    shell.type('exit\r')
    await shell.ended()
  })

  test('as they are when a line reads them: of a session that was moved to the trash, or purged', async () => {
    const { code, stdout, stderr } = await script(
      await filled(),
      '$s := sessions',
      '"used " & $count($s.messages)',
      'session delete sample000002',
      '"trashed " & $count($s.messages)',
      'session purge sample000002 --force',
      '"purged " & $count($s.messages)',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/^"\w+ \d+"$/gm)).toEqual(['"used 4"', '"trashed 4"', '"purged 3"'])
  })
})
