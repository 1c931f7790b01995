import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { ECHO, ORG, plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'

test('both plugins have at most 15 lines', () => {
  for (const text of [ORG, ECHO]) expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
})

/** One-shot, piped into the program, in help and in the list of plugins. */
async function expectBoth(home: Home): Promise<void> {
  const { id } = await home.json('session', 'create', '--title', 'Mine', '--provider', 'echo', '--json')
  expect(await home.ok('session', 'export', id, '--format', 'org', '-o', '-')).toBe('* Mine (0)\n')
  const piped = await home.runWith({ input: `session export ${id} --format org -o -\nsession create --title B --provider echo --json\n` })
  expect(piped).toMatchObject({ code: 0, stderr: '' })
  expect(piped.stdout).toMatch(/^\* Mine \(0\)\n\{/)
  expect(piped.stdout).toContain('"provider": "echo"')
  const help = await home.ok('help')
  expect(help).toMatch(/^Formats: .*\borg$/m)
  expect(help).toMatch(/^Providers: .*, echo$/m)
  const list = await home.json('plugin', 'list', '--json')
  expect(list.at(-2)).toMatchObject({ name: 'org-mode', version: '1.2.3', hooks: ['formats'] })
  expect(list.at(-1)).toMatchObject({ name: 'echo', version: null, hooks: ['providers'] })
  expect(fs.existsSync(list.at(-1).file)).toBe(true)
}

test('an exporter and a provider named in YAML work without node_modules', async () => {
  const home = makeHome()
  usePlugins(home, { 'org.ts': ORG, 'echo.ts': ECHO })
  await expectBoth(home)
})

test('a TypeScript config may import its plugins, or name them', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/plugins/org.ts', ORG)
  home.write('.config/ainative-code/plugins/echo.ts', ECHO)
  home.write(
    '.config/ainative-code/config.ts',
    `import type { Config } from 'ainative-code'
     import org from './plugins/org.ts'
     export default { plugins: [org, './plugins/echo.ts'] } satisfies Config`,
  )
  await expectBoth(home)
})

test('an ainative.config.ts of a trusted project does too', async () => {
  const home = makeHome()
  home.write('org.ts', ORG)
  home.write('echo.ts', ECHO)
  home.write('ainative.config.ts', `import org from './org.ts'\nexport default { plugins: [org, 'echo.ts'] }`)
  await home.ok('trust')
  await expectBoth(home)
})

test('plugins are named by ./path, path, ~/path, /path or as a package, from the config that names them', async () => {
  const home = makeHome()
  const none = (name: string) => plugin(name, '')
  home.write('.config/ainative-code/a.ts', none('a'))
  home.write('.config/ainative-code/sub/b.mjs', `export default { name: 'b', apply() {} }`)
  home.write('c.cjs', `module.exports = { name: 'c', apply() {} }`)
  home.write('d.mts', none('d'))
  home.write('.config/ainative-code/node_modules/e-plugin/package.json', '{"name":"e-plugin","version":"4.5.6","main":"main.js"}')
  home.write(
    '.config/ainative-code/node_modules/e-plugin/main.js',
    `exports.default = { name: 'e', apply() {} }; exports.__esModule = true`,
  )
  home.write(USER_CONFIG, `plugins: [./a.ts, sub/b.mjs, ~/c.cjs, ${home.path('d.mts')}, e-plugin]\n`)
  const { code, stdout, stderr } = await home.runWith({ cwd: '/' }, 'plugin', 'list', '--format', 'jsonl')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const rows = stdout
    .trim()
    .split('\n')
    .slice(-5)
    .map((line) => JSON.parse(line))
  expect(rows.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(rows[4].version).toBe('4.5.6')
})

test('plugin list has a table and csv, and tells the shipped ones from others', async () => {
  const home = makeHome()
  const [org] = usePlugins(home, { 'org.ts': ORG })
  expect(await home.ok('plugin', 'list')).toMatch(/^NAME +VERSION +HOOKS +FILE +PROBLEM\nsqlite +\d\S+ +commands, checks, store +shipped\n/)
  expect(await home.ok('plugin', 'list', '--format', 'csv')).toContain(`org-mode,1.2.3,${org},"[""formats""]",`)
})

test('what is added may be of a class, or frozen', async () => {
  const home = makeHome()
  usePlugins(home, {
    'org.ts': `class Org { name = 'org'; extension = '.org'; write({ title }: any) { return this.name + ' ' + title + '\\n' } }
      const txt = Object.freeze({ name: 'plain', extension: '.p', write: () => 'plain\\n' })
      ${plugin('org', "hooks.formats.tap('x', ({ add }: any) => [new Org(), txt].forEach(add))")}`,
  })
  const id = await home.json('session', 'create', '--title', 'T', '--json').then(({ id }) => id)
  expect(await home.ok('session', 'export', id, '--format', 'org', '-o', '-')).toBe('org T\n')
  expect(await home.ok('session', 'export', id, '--format', 'plain', '-o', '-')).toBe('plain\n')
})
