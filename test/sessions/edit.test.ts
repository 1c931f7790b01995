import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Session } from '../../core/index.ts'
import { ExactNumber } from '../../core/index.ts'
import { changeOf, toYaml } from '../../plugins/sessions/session-yaml.ts'
import { bin, type Home, makeHome } from '../helpers/cli.ts'
import { plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'
import { sample, seed } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const session = (fields: Partial<Session>) => ({ id: 'abc123def456', title: 'T', tags: [], metadata: {}, ...fields }) as unknown as Session

describe('a session as YAML', () => {
  test('can be read, and says what it takes', async () => {
    const text = await toYaml(session({ title: 'A: "b"', tags: ['go', '007', 'yes'], metadata: { project: 'x', n: { a: [1, null] } } }))
    expect(text).toBe(
      '# Session abc123def456. Save an empty file to change nothing.\n\ntitle: "A: \\"b\\""\ntags:\n  - go\n  - "007"\n  - yes\nmetadata:\n  project: x\n  n:\n    a:\n      - 1\n      - null\n'.replace(
        '"A: \\"b\\""',
        `'A: "b"'`,
      ),
    )
  })

  test.each([
    'a\x1b[31m\0\r\n\u2028b',
    '\ud800 lone',
    '# no comment',
    '- x',
    '<<',
    '🚀 数据库',
    ' blanks ',
    '12345678901234567890',
    'x'.repeat(1_000_000),
  ])('comes back as it was: %#', async (hostile) => {
    const metadata = Object.fromEntries([
      ['__proto__', hostile],
      [hostile, [{ '': hostile }]],
      ['big', new ExactNumber('12345678901234567890')],
      ['float', 1.5],
    ])
    const given = session({ title: hostile, tags: [hostile], metadata })
    const text = await toYaml(given)
    expect(await changeOf(given, text, `${text}# seen\n`)).toBeUndefined()
    expect(await changeOf(given, text, text.replace('float: 1.5', 'float: 12345678901234567891'))).toEqual({
      setMeta: { float: new ExactNumber('12345678901234567891') },
    })
  })

  test.each(['', ' ', '\u2028'])('a blank tag of an import blocks no other change: %j', async (tag) => {
    const given = session({ title: 'Old', tags: ['go', tag] })
    const text = await toYaml(given)
    expect(await changeOf(given, text, text.replace('Old', 'New'))).toEqual({ set: { title: 'New' } })
    expect(await changeOf(given, text, 'title: Old\ntags: [go]\nmetadata: {}')).toEqual({ removeTags: [tag] })
    await expect(changeOf(given, text, 'tags: ["\\t"]')).rejects.toThrow('tags: expected a list of texts that are not blank')
  })

  test('what changed becomes a patch of that alone', async () => {
    const given = session({ title: 'Old', tags: ['go', 'api'], metadata: { a: 1, b: [1], c: 'x' } })
    const text = await toYaml(given)
    const change = (after: string) => changeOf(given, text, after)
    expect(await change('title: New\ntags: [api, new]\nmetadata: { a: 1, b: [2] }')).toEqual({
      set: { title: 'New' },
      addTags: ['new'],
      removeTags: ['go'],
      setMeta: { b: [2] },
      unsetMeta: ['c'],
    })
    expect(await change('tags: go, x')).toEqual({ addTags: ['x'], removeTags: ['api'] })
    expect(await change('tags:\n')).toEqual({ removeTags: ['go', 'api'] })
    expect(await change('')).toBeUndefined()
    expect(await change('# only a comment\n')).toBeUndefined()
  })

  test.each([
    ['title: [', 'invalid session in YAML: '],
    ['- a', 'expected title, tags, metadata'],
    ['title: 5', 'title: expected a text'],
    ['title: " "', 'a title cannot be blank'],
    ['titel: x', 'unknown key "titel"; did you mean title?'],
    ['tags: [1]', 'tags: expected a list of texts'],
    ['tags: [""]', 'tags: expected a list of texts'],
    ['metadata: x', 'metadata: expected keys and values'],
    ['metadata: 1.10', 'metadata: expected keys and values'],
    ['1.10', 'expected title, tags, metadata'],
    ['metadata: { tags: [a] }', 'the key tags belongs beside metadata, not in it'],
    ['metadata: { Sync: local-only }', 'metadata: a metadata key cannot be "Sync"'],
    ['metadata: { sync: Local-Only }', 'metadata: sync cannot be "Local-Only"'],
    ['title: a\ntitle: b', 'Map keys must be unique'],
    ['metadata: { a: .inf }', 'a number is too large'],
    [`metadata: ${'{ a: '.repeat(2000)}1${' }'.repeat(2000)}`, 'nested too deep'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]',
      'invalid session in YAML: ',
    ],
  ])('nonsense is refused: %#', async (after, message) => {
    const given = session({})
    await expect(changeOf(given, await toYaml(given), after)).rejects.toThrow(message)
  })
})

describe('session edit', () => {
  const edit = (home: Home, script: string, ...words: string[]) =>
    home.runWith({ env: { EDITOR: `sh -c '${script}' --` } }, 'session', 'edit', 'sample000001', ...words)

  test('saves what the editor leaves, and keeps the text of a failure', async () => {
    const home = makeHome()
    await seed(home, sample(1, { metadata: { tags: ['go'], project: 'p' } }))
    const changed = await edit(home, 'sed -i "s/^title.*/title: New/; s/- go/- rust/" "$1"')
    expect(changed).toEqual({ code: 0, stdout: 'Changed title, tags of sample000001\n', stderr: '' })
    expect((await home.json('session', 'list', '--json'))[0]).toMatchObject({ title: 'New', tags: ['rust'], metadata: { project: 'p' } })
    expect((await edit(home, 'true')).stdout).toBe('No changes in sample000001\n')
    const failed = await edit(home, 'echo "title: [" > "$1"')
    expectProblem(failed, 1, 'invalid session in YAML')
    const [, file = ''] = /your text is in (\S+)/.exec(failed.stderr) ?? []
    expect(fs.readFileSync(file, 'utf8')).toBe('title: [\n')
    fs.rmSync(file)
    const latin1 = await edit(home, 'printf "title: caf\\351" > "$1"')
    expectProblem(latin1, 1, 'it is not UTF-8 text')
    fs.rmSync(/your text is in (\S+)/.exec(latin1.stderr)?.[1] ?? '')
    expect((await edit(home, 'printf "\\357\\273\\277title: Marked" > "$1"')).stdout).toBe('Changed title of sample000001\n')
    expectProblem(await edit(home, 'exit 1'), 1, 'ended with 1; nothing was changed')
    expectProblem(await home.run('session', 'edit', 'sample000001'), 1, 'no editor is set, and vi needs a terminal', 'set EDITOR')
  })

  test('overwrites no change of another process', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    const rename = `${process.execPath} ${bin} session rename sample000001 Theirs >&2`
    expectProblem(
      await edit(home, `${rename}; echo "title: Mine" > "$1"`),
      1,
      'another process changed the session sample000001; nothing was saved',
    )
    expect((await home.json('session', 'list', '--json'))[0].title).toBe('Theirs')
    // The hook runs after the editor and before the write, with all checks that can be made outside of it.
    usePlugins(home, {
      'late.ts': plugin(
        'late',
        `hooks.saving.tapPromise('late', async (change) => {
          const { spawnSync } = await import('node:child_process')
          const words = ['--no-plugins', 'session', 'tag', change.id, 'theirs']
          spawnSync(${JSON.stringify(process.execPath)}, [${JSON.stringify(bin)}, ...words])
          return change
        })`,
      ),
    })
    const late = await edit(home, 'echo "title: Late" > "$1"')
    expectProblem(late, 1, 'another process changed the session sample000001; nothing was saved; your text is in ')
    expect((await home.json('session', 'list', '--json'))[0]).toMatchObject({ title: 'Theirs', tags: ['theirs'] })
    fs.rmSync(home.path(USER_CONFIG))
    const deleted = `${process.execPath} ${bin} session delete sample000001 >&2`
    expectProblem(await edit(home, `${deleted}; echo "title: Mine" > "$1"`), 1, 'is in the trash', 'session restore sample000001')
  })

  test('gives the terminal to the editor', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    const env = { EDITOR: `sh -c 'read -p "name: " name; echo "title: $name" > "$1"' --` }
    const { screen } = await onTerminal(home, ['session', 'edit', 'sample000001'], [['name: ', 'Typed\r']], env)
    expect(screen).toContain('Changed title of sample000001')
  })
})
