import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome, startCli } from '../helpers/cli.ts'
import { adds, ENDLESS, ORG, plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'
import { thin } from '../helpers/thin.ts'
import { until } from '../helpers/until.ts'

const CASES: [file: string, text: string, name: string, says: string][] = [
  ['throws.ts', `throw new Error('boom')`, 'throws', 'throws.ts:1: boom'],
  ['nothing.ts', 'export const a = 1', 'nothing', 'missing default export'],
  ['five.ts', 'export default 5', 'five', 'the default export is not a plugin'],
  ['function.ts', 'export default function greet() {}', 'function', 'the default export is not a plugin'],
  ['promise.ts', 'export default new Promise(() => {})', 'promise', 'its promise never settled'],
  [
    'own.ts',
    'const own: any = { then: (done: any) => done(own) }\nexport default own',
    'own',
    'the default export is a promise of a promise',
  ],
  ['stack.ts', `throw Object.assign(new Error('boom'), { stack: 7 })`, 'stack', 'boom'],
  [
    'proxy.ts',
    'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })',
    'proxy',
    'it threw a value without a readable message',
  ],
  [
    'getter.ts',
    `throw Object.defineProperty(new Error(), 'message', { get() { throw 1 } })`,
    'getter',
    'it threw a value without a readable message',
  ],
  ['empty.ts', '', 'empty', 'missing default export'],
  ['syntax.ts', 'const a = 1\nexport default { name: ', 'syntax', 'line 2 of syntax.ts: Unexpected end of file'],
  ['python.ts', 'def x(): pass', 'python', 'line 1 of python.ts: Expected ";" but found "x"'],
  ['binary.ts', 'a\0b', 'binary', 'not a text file'],
  ['hook.ts', plugin('hook', 'hooks.format.tap()'), 'hook', 'there is no hook "format" (did you mean formats?)'],
  ['async.ts', `export default { name: 'async', async apply() { throw new Error('later') } }`, 'async', 'apply() returned a promise'],
  ['exits.ts', 'process.exit(0)', 'exits', 'exits.ts:1: it called process.exit(0)'],
  ['exits-too.ts', plugin('exits-too', 'process.exit()'), 'exits-too', 'exits-too.ts:1: it called process.exit()'],
  ['twin.ts', plugin('sqlite', ''), 'sqlite', `the name 'sqlite' is taken by a built-in plugin`],
  ['needy.ts', `export default { name: 'needy', requires: ['vectors'], apply() {} }`, 'needy', `plugin 'needy' requires plugin 'vectors'`],
  ['package.ts', `import x from 'no-such'\nx()`, 'package', 'package.ts:1: cannot find package "no-such" imported from '],
  ['import.ts', `import x from './none.ts'\nx()`, 'import', 'line 1 of import.ts: Could not resolve "./none.ts"'],
]

test('each plugin with a mistake is one line that names it and its file, and the run continues without it', async () => {
  const home = makeHome()
  const files = usePlugins(home, { ...Object.fromEntries(CASES.map(([file, text]) => [file, text])), 'org.ts': ORG })
  const { code, stdout, stderr } = await home.run('session', 'list')
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('ID') })
  const lines = stderr.split('\n').filter((line) => line.startsWith('warning:'))
  for (const [i, [, , name, says]] of CASES.entries()) {
    expect(lines[i]).toContain(`warning: plugin '${name}' (${files[i]}) was not loaded: ${says}`)
  }
  expect(lines).toHaveLength(CASES.length)
  const shown = await home.json('plugin', 'list', '--json')
  expect(shown.filter(({ problem }: { problem?: string }) => problem)).toHaveLength(CASES.length)
  expect(await home.run('session', 'export', '--all', '--format', 'org', '-o', '-')).toMatchObject({ code: 0 })
})

test('what is missing, or no plugin at all, is named with the config that names it', async () => {
  const home = makeHome()
  home.write(USER_CONFIG, 'plugins: [./none.ts, "no-such-package", 5, { a: 1 }, ~/folder.ts]\n')
  home.write('folder.ts/x', '')
  const { code, stderr } = await home.run('session', 'list')
  expect(code).toBe(0)
  const config = home.path(USER_CONFIG)
  expect(stderr).toContain(`plugin 'none' (${config}) was not loaded: cannot find file ${home.path('.config/ainative-code/none.ts')}`)
  expect(stderr).toContain(`plugin 'no-such-package' (${config}) was not loaded: cannot find package no-such-package from `)
  expect(stderr).toContain(`(${home.path('folder.ts')}) was not loaded: not a file`)
  expect(stderr.match(/the default export is not a plugin/g)).toHaveLength(2)
})

test('where the command needs what is not there, the hint names the plugin that was not loaded', async () => {
  const home = makeHome()
  usePlugins(home, { 'greet.ts': `throw new Error('boom')` })
  const hint = /^hint: .*not loaded: plugin 'greet'; ainative-code plugin list shows why$/m
  const command = await home.run('greet')
  expect(command.code).toBe(2)
  expect(command.stderr).toMatch(/error: unknown command "greet"/)
  expect(command.stderr).toMatch(hint)
  for (const words of [
    ['session', 'export', '--all', '--format', 'org'],
    ['session', 'create', '--title', 'A', '--provider', 'echo'],
  ])
    expect((await home.run(...words)).stderr).toMatch(hint)
  const fine = await home.run('session', 'list')
  expect(fine).toMatchObject({ code: 0, stderr: expect.not.stringContaining('hint') })
})

test('one that never ends, while it loads, applies or adds, is stopped', async () => {
  const home = makeHome()
  const each = { 'loads.ts': ENDLESS, 'applies.ts': plugin('applies', ENDLESS), 'waits.ts': 'await new Promise(() => {})' }
  const runs = thin(2, Object.entries(each)).map(async ([file, text]) => {
    const own = makeHome()
    const [full] = usePlugins(own, { [file]: text })
    const { code, stderr } = await own.run('session', 'list')
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`(${full}) was not loaded: it did not end within 5 s`) })
  })
  usePlugins(home, { 'adds.ts': plugin('adds', `hooks.formats.tap('x', () => { ${ENDLESS} })`) })
  expect((await home.run('session', 'export', '--all', '-o', '-')).stderr).toContain(`failed in hook 'formats': it did not end within 5 s`)
  await Promise.all(runs)
})

test('what a plugin leaves running does not keep the program', async () => {
  const home = makeHome()
  usePlugins(home, { 'timer.ts': plugin('timer', 'setInterval(() => {}, 1000)') })
  expect(await home.run('session', 'list')).toMatchObject({ code: 0 })
})

test('what code writes to standard output by itself comes whole, also to a reader that begins late', async () => {
  const home = makeHome()
  // Open timers alone would not keep the program for so long.
  const late = `setTimeout(() => process.getBuiltinModule('node:fs').writeFileSync('late', ''), 1000)`
  usePlugins(home, { 'timer.ts': plugin('timer', `hooks.close.tap('timer', () => void ${late})`) })
  home.write('big.ts', 'export default () => void process.stdout.write(`x`.repeat(1_000_000))')
  const script = startCli(['run', 'big.ts'], { cwd: home.dir, env: home.env })
  await until('the time after which open timers end', () => fs.existsSync(home.path('late')))
  let length = 0
  for await (const chunk of script.stdout) length += chunk.length
  expect(length).toBe(1_000_000)
})

test('of two plugins that add one thing the first is used, and a line names both', async () => {
  const home = makeHome()
  const org = (text: string) => `{ name: 'org', extension: '.org', write: () => '${text}' }`
  const [first, second] = usePlugins(home, {
    'a.ts': plugin('a', adds('formats', org('a'))),
    'b.ts': plugin('b', adds('formats', org('b'))),
  })
  await home.create('--title', 'T')
  const { stdout, stderr } = await home.run('session', 'export', '--all', '--format', 'org', '-o', '-')
  expect(stdout).toBe('a')
  expect(stderr).toContain(`plugin 'b' (${second}) adds a format named "org", added by plugin 'a' (${first}) before; the first one is used`)
  for (const [hook, item] of [
    ['commands', `{ name: 'session list', summary: '', input: z.object({}), run: () => 'mine' }`],
    ['providers', `{ name: 'openai' }`],
  ] as const) {
    usePlugins(home, { 'c.ts': plugin('c', adds(hook, item)) })
    const { code, stderr } = await home.run('session', 'create', '--title', 'x', '--provider', 'openai')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/plugin 'c' .* added by plugin '(sessions|openai)' before/),
    })
  }
})

test('a tap, a command, a format and a veto that fail are told in the name of the plugin', async () => {
  const home = makeHome()
  const fails = `() => { throw new Error('ouch') }`
  const [file] = usePlugins(home, {
    'bad.ts': plugin(
      'bad',
      `hooks.providers.tap('other name', ${fails});
       hooks.saving.tap('other name', ({ create }: any) => { if (create?.title === 'no') throw new Error('ouch') });
       ${adds('formats', `{ name: 'bad', extension: '.bad', write: ${fails} }`)};
       hooks.commands.tap('x', ({ add }: any) => {
         add({ name: 'bad run', summary: '', input: z.object({}), run: ${fails} });
         add({ name: 'bad later', summary: '', input: z.object({}), run: async function* () { yield 1; throw new Error('ouch') } });
         add({ name: 'bad exit', summary: '', input: z.object({}), run: () => process.exit(7) });
       })`,
    ),
  })
  await home.create('--title', 'T')
  const named = `plugin 'bad' (${file}) failed in`
  const says = async (text: string, ...words: string[]) =>
    expect(await home.run(...words)).toMatchObject({ code: 1, stderr: expect.stringContaining(`${named} ${text}`) })
  await says(`hook 'saving': ouch`, 'session', 'create', '--title', 'no')
  await says(`format 'bad': ouch`, 'session', 'export', '--all', '--format', 'bad', '-o', '-')
  await says(`command 'bad run': ouch`, 'bad', 'run')
  await says(`command 'bad later': ouch`, 'bad', 'later')
  await says(`command 'bad exit': it called process.exit(7)`, 'bad', 'exit')
  const provider = await home.run('session', 'create', '--title', 'x', '--provider', 'openai')
  expect(provider).toMatchObject({ code: 0, stderr: `warning: ${named} hook 'providers': ouch; continuing without it\n` })
})

test('what is added without the parts that it needs is refused', async () => {
  const home = makeHome()
  const refused: [item: string, says: string][] = [
    [`{ name: 'x', write() {} }`, 'the format "x" needs the string extension'],
    [`{ name: 'x', extension: '.x' }`, 'the format "x" needs the function write or stream'],
    [`{ extension: '.x' }`, 'a format needs a name'],
    ['undefined', 'a format needs a name'],
  ]
  usePlugins(home, Object.fromEntries(refused.map(([item], i) => [`x${i}.ts`, plugin(`x${i}`, adds('formats', item))])))
  const { stderr } = await home.run('session', 'export', '--all', '-o', '-')
  for (const [i, [, says]] of refused.entries()) expect(stderr).toMatch(new RegExp(`plugin 'x${i}' .* failed in hook 'formats': ${says}`))
})

test('what is added with a member of a wrong type is refused, and the rest of the program does not suffer', async () => {
  const home = makeHome()
  const command = (members: string) => `{ name: 'x', summary: '', input: z.object({ a: z.string().optional() }), run: () => 1, ${members} }`
  const refused: [hook: string, item: string, says: string][] = [
    ['commands', command('summary: 5'), 'the command "x" has an invalid summary: expected a string'],
    ['commands', command(`args: 'a'`), 'the command "x" has an invalid args: expected a list of strings'],
    ['commands', command(`args: ['b']`), 'the command "x" has an invalid args: its input has no field "b"'],
    ['commands', command(`formats: 'json'`), 'the command "x" has an invalid formats: expected a list of strings'],
    ['commands', command('print: 5'), 'the command "x" has an invalid print: expected a function'],
    [
      'formats',
      `{ name: 'x', extension: '.x', write: () => '', many: 5 }`,
      'the format "x" has an invalid many: expected the strings begin,',
    ],
    ['formats', `{ name: 'x', extension: '.x', write: () => '', aliases: 5 }`, 'the format "x" has an invalid aliases: expected a list'],
    ['providers', `{ name: 'x', models: 5 }`, 'the provider "x" has an invalid models: expected a list of strings'],
  ]
  usePlugins(home, Object.fromEntries(refused.map(([hook, item], i) => [`x${i}.ts`, plugin(`x${i}`, adds(hook, item))])))
  const outputs = [await home.run('help'), await home.run('session', 'create', '--title', 'T', '--provider', 'x')]
  outputs.push(await home.run('session', 'export', '--all', '-o', '-'))
  const stderr = outputs.map((each) => each.stderr).join('')
  expect(outputs[0]?.code).toBe(0)
  expect(stderr).not.toContain('bug in ainative-code')
  for (const [i, [hook, , says]] of refused.entries())
    expect(stderr).toMatch(new RegExp(`plugin 'x${i}' .* failed in hook '${hook}': ${says}`))
})

test('--no-plugins starts with the shipped ones alone, before or after the command', async () => {
  const home = makeHome()
  usePlugins(home, { 'throws.ts': `throw new Error('boom')` })
  for (const words of [
    ['--no-plugins', 'session', 'list'],
    ['session', 'list', '--no-plugins'],
  ])
    expect(await home.run(...words)).toMatchObject({ code: 0, stderr: 'no session matches\n' })
  home.write(USER_CONFIG, 'a: [')
  expect((await home.run('session', 'list')).code).toBe(1)
  const { code, stderr } = await home.run('--no-plugins', 'session', 'list')
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^warning: cannot read the config .*config\.yaml: line /) })
})

test('lines that are piped go on without the plugin too', async () => {
  const home = makeHome()
  usePlugins(home, { 'throws.ts': `throw new Error('boom')` })
  const { code, stdout, stderr } = await home.runWith({ input: 'session list\nconfig path\n' })
  expect(code).toBe(0)
  expect(stdout).toContain('Config folder')
  expect(stderr.match(/was not loaded/g)).toHaveLength(1)
})
