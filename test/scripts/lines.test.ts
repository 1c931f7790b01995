import { describe, expect, test } from 'vitest'
import { here, makeHome, startCli } from '../helpers/cli.ts'

describe('a script', () => {
  test('runs a command or an expression a line, with comments, blank lines and lines that go on', async () => {
    const home = makeHome()
    home.write(
      's.txt',
      `\ufeff# a comment
session create \\
  --title One --tags go

   # another
sessions.{
  "title": title,   # the next line ends it
  "tags": tags
}
session rename "$x" "a
b"
`
        .replace('   # the next line ends it', '')
        .replace('session rename "$x" "a\nb"\n', 'session create --title "a\nb" --no-activate\n'),
    )
    const { code, stdout, stderr } = await home.run('run', 's.txt')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('{\n  "title": "One",\n  "tags": [\n    "go"\n  ]\n}\n')
    expect((await here(home).json<{ title: string }[]>('session', 'list', '--json')).map(({ title }) => title).sort()).toEqual([
      'One',
      'a\nb',
    ])
  })

  test.each(['file', 'stdin'])('stops at the first line that fails and names it, from a %s', async (from) => {
    const home = makeHome()
    const text = '1 + 1\n\nsession show nothing0\n3 + 3\n'
    home.write('s.txt', text)
    const result = from === 'file' ? await home.run('run', 's.txt') : await home.runWith({ input: text })
    expect(result.code).toBe(1)
    expect(result.stdout).toBe('2\n')
    expect(result.stderr).toMatch(new RegExp(`^error: ${from === 'file' ? 's.txt' : 'stdin'}:3: there is no session "nothing0"\nhint: `))
  })

  test('--keep-going runs the rest, reports every failure and still ends with 1', async () => {
    const home = makeHome()
    home.write('s.txt', 'nope nope\n1 + 1\n(\n1,\n]\n3 + 3\n')
    const { code, stdout, stderr } = await home.run('run', 's.txt', '--keep-going')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '2\n6\n' })
    expect(stderr).toMatch(/^error: s\.txt:1: not a command, and this is not JSONata/m)
    expect(stderr).toMatch(/^error: s\.txt:3: /m)
  })

  test('--dry-run does nothing that changes something, and says what it would do', async () => {
    const home = makeHome()
    const id = await home.create('--title', 'One', '--tags', 'old')
    const before = await here(home).ok('session', 'export', '--all', '-o', '-')
    home.write('in.json', '[]')
    const script = [
      `session delete ${id}`,
      `session purge --all --force`,
      `session import -i in.json`,
      `session tag ${id} "two words"`,
      `session untag --tag old old`,
      `session meta ${id} key value`,
      `session rename ${id} Two`,
      `session archive ${id}`,
      `session export ${id} -o out.json`,
      `session fork ${id}`,
      `session use ${id}`,
      `session create --title Three`,
      `session meta ${id}`,
      `sessions.title`,
    ]
    const { code, stdout } = await home.runWith({ input: script.join('\n') }, 'run', '-', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain(`would run: session tag ${id} 'two words'\n`)
    expect(stdout).toContain('1 session would move to the trash\n')
    expect(stdout.match(/^would run: /gm)).toHaveLength(9)
    expect(stdout).toMatch(/Title: One\n[\s\S]*"One"\n$/)
    expect(await here(home).ok('session', 'export', '--all', '-o', '-')).toBe(before)
    expect(() => home.read('out.json')).toThrow()
  })

  test('on standard input takes the same flags without run', async () => {
    const { code, stdout } = await makeHome().runWith(
      { input: 'session create --title One\nnope nope\n1 + 1\n' },
      '--dry-run',
      '--keep-going',
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'would run: session create --title One\n2\n' })
  })

  test('runs another, within its own folder of names, and errors name both places', async () => {
    const home = makeHome()
    home.write('a.txt', '1\nrun b.txt\n')
    home.write('b.txt', '2\nsession show nothing0\n')
    const { code, stdout, stderr } = await home.run('run', 'a.txt')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '1\n2\n' })
    expect(stderr).toMatch(/^error: a\.txt:2: b\.txt:2: there is no session/)
  })

  test('its lines are no input for its commands', async () => {
    const home = makeHome()
    const { code, stdout, stderr } = await home.runWith({ input: 'query\nsession show -\n1 + 1\n' }, 'run', '-', '--keep-going')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '[]\n2\n'.replace('[]\n', '') })
    expect(stderr).toContain('stdin:1: query needs <expression>')
  })

  test('SIGINT ends it with 130', async () => {
    const home = makeHome()
    home.write('s.txt', '1\n($f := function($x){ $f($x + 1) }; $f(1))\n2\n')
    const child = startCli(['run', 's.txt'], { cwd: home.dir, env: home.env })
    let stdout = ''
    child.stdout.on('data', (data) => {
      stdout += data
      child.kill('SIGINT')
    })
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
    expect(stdout).toBe('1\n')
  })
})

test.each(['exit', ' quit ', 'exit\r'])('a line %j ends a script', async (line) => {
  const home = makeHome()
  const text = `1 + 1\n${line}\n2 + 2\nnope nope\n`
  home.write('s.txt', text)
  home.write('outer.txt', 'run s.txt\n3 + 3\n')
  expect(await home.run('run', 's.txt')).toMatchObject({ code: 0, stdout: '2\n', stderr: '' })
  expect(await home.runWith({ input: text })).toMatchObject({ code: 0, stdout: '2\n', stderr: '' })
  expect(await home.run('run', 'outer.txt')).toMatchObject({ code: 0, stdout: '2\n6\n', stderr: '' })
  expect(await home.runWith({ input: `nope nope\n${line}\n` }, '--keep-going')).toMatchObject({ code: 1 })
})

test('lines end at LF and CRLF, and at no other character', async () => {
  const home = makeHome()
  const input = '"a\u2028b\u2029c\u0085d"\r\n"e\v\f"\n"last"'
  expect(await home.runWith({ input })).toMatchObject({ code: 0, stdout: '"a\u2028b\u2029c\u0085d"\n"e\\u000b\\f"\n"last"\n', stderr: '' })
  expect((await home.runWith({ input: '1 +\r1\n' })).stdout).toBe('2\n')
})

test('a character may be cut by the chunks in which it arrives', async () => {
  const home = makeHome()
  const child = startCli([], { cwd: home.dir, env: home.env })
  let stdout = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  const bytes = Buffer.from('$length("\u{1f600}")\r\n1\r\n')
  for (const byte of bytes) await new Promise<void>((resolve) => child.stdin.write(Buffer.of(byte), () => resolve()))
  child.stdin.end()
  await new Promise((resolve) => child.once('close', resolve))
  expect(stdout).toBe('1\n1\n')
})

describe('a script that cannot be run is refused in a sentence', () => {
  test.each([
    ['missing.txt', undefined, 'cannot read the script missing.txt: there is no such file'],
    ['.', undefined, 'cannot read the script .: it is a folder'],
    ['binary', Buffer.from('1 + 1\n\0\x01\x02\n'), 'is not a script: it contains NUL characters'],
    ['self.txt', 'run self.txt\n', 'self.txt:1: self.txt runs itself: self.txt > self.txt'],
    ['self2.txt', 'run ./link/../self2.txt\n', 'runs itself'],
  ])('%s', async (name, content, says) => {
    const home = makeHome()
    home.write('link/x', '')
    if (content !== undefined) home.write(name, content)
    const { code, stderr } = await home.run('run', name)
    expect(code).toBe(1)
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('bug in ainative-code')
  })

  test('two that run each other', async () => {
    const home = makeHome()
    home.write('a.txt', 'run b.txt\n')
    home.write('b.txt', 'run a.txt\n')
    const { code, stderr } = await home.run('run', 'a.txt')
    expect(code).toBe(1)
    expect(stderr).toContain('a.txt:1: b.txt:1: a.txt runs itself: a.txt > b.txt > a.txt')
  })

  test('a line of 1 MB, a tab, a NUL and unbalanced quotes', async () => {
    const home = makeHome()
    const long = `$length("${'x'.repeat(1_000_000)}")`
    const { code, stdout, stderr } = await home.runWith({ input: `${long}\n$length("a\tb")\nsession rename 'x\n` })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '1000000\n3\n' })
    expect(stderr).toContain("stdin:3: missing closing '")
    expect((await home.runWith({ input: '"a\0b"\n' })).stderr).toContain('it contains NUL characters')
  })
})
