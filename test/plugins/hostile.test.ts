import { describe, expect, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { adds, plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'

const command = (run: string) => adds('commands', `{ name: 'x', summary: '', input: z.object({}), run() { ${run} } }`)
const with_ = (body: string) => {
  const home = makeHome()
  usePlugins(home, { 'p.ts': plugin('p', body) })
  return home
}

describe('what a plugin does ends in a sentence, and never in silence', () => {
  test.each([
    ['a save', `hooks.saving.tap('p', () => new Promise(() => {}))`, ['session', 'create', '--title', 'LOST'], `hook 'saving'`],
    ['a command', command('return new Promise(() => {})'), ['x'], `command 'x'`],
  ])('%s that never settles is a failure', async (_, body, argv, place) => {
    const { code, stdout, stderr } = await with_(body).run(...argv)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^error: plugin 'p' \\(.*p\\.ts\\) failed in ${place}: its promise never settled\\n$`)),
    })
  })

  test.each([
    ['a late throw', `setTimeout(() => { throw new Error('late') }, 1)`, ['query', '1'], /^error: p\.ts:\d+: late\n$/m],
    [
      'a rejection',
      command(`void Promise.reject(new Error('late')); return new Promise((r) => setTimeout(r, 500))`),
      ['x'],
      /p\.ts:\d+: late\n/,
    ],
    [
      'a late throw in the query thread',
      adds('functions', `{ name: 'f', call: () => new Promise(() => setTimeout(() => { throw new Error('late') }, 1)) }`),
      ['query', '$f()'],
      /^error: the query failed: late\n$/,
    ],
    ['a result that holds itself', command('const a = {}; a.a = a; return a'), ['x'], /cannot be written as JSON: it contains itself/],
    ['a BigInt', command('return 1n'), ['x'], /cannot be written as JSON: it contains a BigInt/],
    [
      'a symbol from a function',
      adds('functions', `{ name: 'f', call: () => Symbol('s') }`),
      ['query', '$f()'],
      /the result cannot be serialized/,
    ],
    ['an object that says nothing', command('throw Object.create(null)'), ['x'], /a value without a readable message/],
    [
      'a command that runs itself',
      adds('commands', `{ name: 'x', summary: '', input: z.object({}), run: (_, c) => c.runLine('x') }`),
      ['x'],
      /50 levels deep/,
    ],
  ])('%s', async (_, body, argv, says) => {
    const { code, stderr } = await with_(body).run(...argv)
    expect(code).toBe(1)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^ {4}at |bug in ainative-code/m)
  })

  test('a command without an input is left out by name', async () => {
    const { code, stderr } = await with_(adds('commands', `{ name: 'x', summary: '', run: () => 1 }`)).run('x')
    expect(code).toBe(2)
    expect(stderr).toContain('the command "x" needs an input, such as z.object({})')
  })

  test('Ctrl-C ends a command that loops', async () => {
    const home = with_(command(`process._rawDebug('begun'); for (;;);`))
    const child = startCli(['x'], { cwd: home.dir, env: home.env })
    child.stderr.once('data', () => child.kill('SIGINT'))
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
  })

  test("JSONata's own functions stand, and a function changes nothing that later queries see", async () => {
    const home = with_(
      adds('functions', `{ name: 'sum', call: () => 'mine' }`) +
        ';' +
        adds('functions', `{ name: 'spoil', call: (rows) => { rows.title = 'spoilt'; return 1 } }`),
    )
    await home.create('--title', 'Kept')
    const { stdout, stderr } = await home.runWith({ input: '$sum([1, 2])\n$spoil(sessions)\nsessions.title\n' })
    expect(stdout).toBe('3\n1\n"Kept"\n')
    expect(stderr).toBe('warning: the function $sum of a plugin is ignored, because JSONata has a function of this name\n')
  })

  test('a dry run passes by a command that does not say that it only reads', async () => {
    const home = with_(command(`throw new Error('it ran')`))
    expect(await home.runWith({ input: 'x\n' }, '--dry-run')).toMatchObject({ code: 0, stdout: 'would run: x\n' })
  })
})

describe('a config of the user that is', () => {
  test.each([
    ['endless', 'a: &a {b: *a}\n'],
    ['a bomb', `${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} ${i ? `{l: *a${i - 1}, r: *a${i - 1}}` : 'x'}`).join('\n')}\n`],
  ])('%s is refused in a sentence, and --no-plugins and help go on', async (_, text) => {
    const home = makeHome()
    home.write(USER_CONFIG, text)
    const { code, stderr } = await home.run('session', 'list')
    expect(code).toBe(1)
    expect(stderr).toContain('too many values, or a value that contains itself')
    for (const argv of [['--no-plugins', 'session', 'list'], ['help'], ['config', 'path'], ['plugin', 'list'], ['completion', 'bash']])
      expect((await home.run(...argv)).code, argv.join(' ')).toBe(0)
  })
})

test('a path in a config is relative to that config', async () => {
  const home = makeHome()
  home.write(USER_CONFIG, 'storage: { path: data/my.db }\n')
  home.write('work/x', '')
  expect(await home.runWith({ cwd: home.path('work') }, 'session', 'create', '--title', 'One')).toMatchObject({ code: 0 })
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
  expect(await home.ok('config', 'path')).toContain(`Database: ${home.path('.config/ainative-code/data/my.db')}\n`)
})

test('a plugin may ask for its settings with the zod that it is given', async () => {
  const home = makeHome()
  home.write(
    'p.ts',
    `export default { name: 'p', config: (z) => z.object({ word: z.string(), times: z.number().default(2) }),
  apply({ hooks }, { word, times }) { hooks.functions.tap('p', ({ add }) => add({ name: 'word', call: () => word.repeat(times) })) } }\n`,
  )
  home.write(USER_CONFIG, 'plugins: [~/p.ts]\np: { word: ab }\n')
  expect(await home.ok('query', '$word()')).toBe('"abab"\n')
  home.write(USER_CONFIG, 'plugins: [~/p.ts]\np: { word: "${SECRET}", times: x, tims: 3 }\n')
  const { stderr } = await home.runWith({ env: { SECRET: 's3cr3t' } }, 'session', 'list')
  expect(stderr).toMatch(/config p\.times: .*expected number.* \(plugin 'p', .*config\.yaml\)/)
  expect(stderr).not.toContain('s3cr3t')
})
