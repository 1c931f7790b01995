import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { failure, filesIn, sample, samples, seed } from '../helpers/seed.ts'

describe('-o', () => {
  test('names a file; missing folders are made', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    await home.ok('session', 'export', 'sample000001', '-o', 'a/b/c.json')
    await home.ok('session', 'export', 'sample000001', '-o', '~/exports/d.json')
    await home.ok('session', 'export', 'sample000001', '-o', home.path('e f', 'ü.json'))
    expect(home.read('exports/d.json')).toBe(home.read('a/b/c.json'))
    expect(home.read('e f/ü.json')).toBe(home.read('a/b/c.json'))
    expect([filesIn(home, 'a/b'), filesIn(home, 'exports')]).toEqual([['c.json'], ['d.json']])
  })

  test('DIR/, there or not, takes a file for each session', async () => {
    const home = makeHome()
    await seed(home, ...samples(2))
    expect(await home.ok('session', 'export', '--all', '-o', 'new/')).toMatchInlineSnapshot(`
      "Exported 2 sessions to 2 files
      "
    `)
    await home.ok('session', 'export', 'sample000001', '-o', 'new/', '--format', 'markdown')
    fs.mkdirSync(home.path('old'))
    await home.ok('session', 'export', 'sample000002', '-o', 'old')
    expect(filesIn(home, 'new')).toEqual(['session-sample000001.json', 'session-sample000001.md', 'session-sample000002.json'])
    expect(home.read('new/session-sample000002.json')).toBe(home.read('old/session-sample000002.json'))
  })

  test('- is standard output, and then nothing else is on it', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    const { stdout, stderr } = await home.run('session', 'export', 'sample000001', '-o', '-')
    await home.ok('session', 'export', 'sample000001')
    expect([stdout, stderr]).toEqual([home.read('session-sample000001.json'), ''])
    expect(filesIn(home)).toEqual(['session-sample000001.json'])
  })

  test('{id} and {title} make a file for each session; titles become safe names', async () => {
    const home = makeHome()
    const odd = ['a/b\\c', '../../up', '.hidden', 'nul\0 and\nlines', ' . ', 'con:*?"<>|', '数据库 🚀', 'x'.repeat(300), '\ud800 lone']
    await seed(home, ...odd.map((title, i) => sample(i + 1, { title })))
    await home.ok('session', 'export', '--all', '-o', 'out/{title}-{id}.json')
    expect(filesIn(home)).toEqual(['out'])
    const names = filesIn(home, 'out')
    expect(names.map((name) => name.replace(/x{9,}/, 'x…x'))).toMatchInlineSnapshot(`
      [
        "a-b-c-sample000001.json",
        "con-sample000006.json",
        "hidden-sample000003.json",
        "lone-sample000009.json",
        "nul- and-lines-sample000004.json",
        "untitled-sample000005.json",
        "up-sample000002.json",
        "x…x-sample000008.json",
        "数据库 🚀-sample000007.json",
      ]
    `)
    expect(names.every((name) => Buffer.byteLength(name) < 200)).toBe(true)
    await home.ok('session', 'export', 'sample000007', '-o', 'each/{id}.md', '--format', 'markdown')
    expect(filesIn(home, 'each')).toEqual(['sample000007.md'])
  })

  test('titles that would have one file name get their ids, and no session is lost', async () => {
    const home = makeHome()
    const odd = [
      'Same',
      'Same',
      'SAME',
      'a/b',
      'a:b',
      'x'.repeat(300),
      'x'.repeat(400),
      'e\u0301',
      '\u00e9',
      'con',
      'NUL.txt',
      'Same-sample000002',
    ]
    await seed(home, ...odd.map((title, i) => sample(i + 1, { title })))
    await home.ok('session', 'export', '--all', '-o', 'out/{title}.json')
    const names = filesIn(home, 'out')
    expect(names.map((name) => name.replace(/x{9,}/, 'x…x'))).toMatchInlineSnapshot(`
      [
        "SAME-sample000003.json",
        "Same-sample000002-sample000012.json",
        "Same-sample000002.json",
        "Same.json",
        "_NUL.txt.json",
        "_con.json",
        "a-b-sample000005.json",
        "a-b.json",
        "x…x-sample000007.json",
        "x…x.json",
        "é-sample000009.json",
        "é.json",
      ]
    `)
    const ids = names.map((name) => JSON.parse(home.read(`out/${name}`)).id)
    expect(ids.sort()).toEqual(odd.map((_, i) => sample(i + 1).id))
    expect(new Set(names.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(odd.length)
  })

  test('of several files, one that cannot be written leaves all as they were', async () => {
    const home = makeHome()
    await seed(home, ...samples(5))
    home.write('out/sample000001.json', 'old')
    fs.mkdirSync(home.path('out/sample000003.json'))
    const said = await failure(home, 1, ['session', 'export', '--all', '-o', 'out/{id}.json'])
    expect(said).toMatchInlineSnapshot(`
      "error: cannot write out/sample000003.json: it is a folder
      "
    `)
    expect(filesIn(home, 'out')).toEqual(['sample000001.json', 'sample000003.json'])
    expect(home.read('out/sample000001.json')).toBe('old')
    fs.rmdirSync(home.path('out/sample000003.json'))
    fs.symlinkSync('sample000001.json', home.path('out/sample000003.json'))
    expect(await failure(home, 1, ['session', 'export', '--all', '-o', 'out/{id}.json'])).toContain('two sessions would be written to')
    expect(home.read('out/sample000001.json')).toBe('old')
  })

  test('replaces a file only whole, through links too, and keeps its mode', async () => {
    const home = makeHome()
    await seed(home, sample(1), sample(2))
    home.write('real.json', 'old text that is much longer than nothing'.repeat(500))
    fs.chmodSync(home.path('real.json'), 0o600)
    fs.symlinkSync('real.json', home.path('link.json'))
    const before = fs.statSync(home.path('real.json')).ino
    await home.ok('session', 'export', 'sample000001', '-o', 'link.json')
    const after = fs.statSync(home.path('real.json'))
    expect(JSON.parse(home.read('real.json')).id).toBe('sample000001')
    expect([after.ino === before, after.mode & 0o777, fs.lstatSync(home.path('link.json')).isSymbolicLink()]).toEqual([false, 0o600, true])
    expect(filesIn(home)).toEqual(['link.json', 'real.json'])
  })

  test('creates the missing file that a link names, and the link stays a link', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    fs.symlinkSync('second.json', home.path('first.json'))
    fs.symlinkSync('deep/er/real.json', home.path('second.json'))
    await home.ok('session', 'export', 'sample000001', '-o', 'first.json')
    expect(JSON.parse(home.read('deep/er/real.json')).id).toBe('sample000001')
    expect(fs.readlinkSync(home.path('first.json'))).toBe('second.json')
    expect([filesIn(home), filesIn(home, 'deep/er')]).toEqual([['deep', 'first.json', 'second.json'], ['real.json']])
  })

  test.each([
    ['a full disk', '/dev/full', 'cannot write /dev/full: the disk is full'],
    ['a loop of links', 'loop', 'cannot write loop: its symbolic links form a loop'],
    ['a name that is too long', `${'y'.repeat(300)}.json`, 'the name is too long'],
    ['a title that makes a name too long', `${'y'.repeat(250)}{title}.json`, 'the name is too long'],
    ['a folder of the name', 'folder/{id}.json', 'cannot write folder/sample000001.json: it is a folder'],
    ['a path through a file', 'plain/x.json', 'a part of its path is not a folder'],
  ])('of %s says what is wrong', async (_, output, says) => {
    const home = makeHome()
    await seed(home, sample(1))
    fs.symlinkSync('loop', home.path('loop'))
    fs.mkdirSync(home.path('folder/sample000001.json'), { recursive: true })
    home.write('plain', 'text')
    expectProblem(await home.run('session', 'export', 'sample000001', '-o', output), 1, says)
    expect(filesIn(home)).toEqual(['folder', 'loop', 'plain'])
  })
})

test('an empty -o is refused in words of its own', async () => {
  const home = makeHome()
  await seed(home, sample(1))
  const said = await failure(home, 2, ['session', 'export', 'sample000001', '-o', ''])
  expect(said).toContain('--output ""')
  expect(said).not.toContain('Too small: expected string')
})
