import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

const CONFIG = '.config/ainative-code/config.yaml'

test('a YAML config says where the database lies', async () => {
  const home = makeHome()
  home.write(CONFIG, 'storage:\n  path: ~/data/mine.db\n')
  const { id } = await home.json('session', 'create', '--title', 'Elsewhere', '--json')
  expect(fs.existsSync(home.path('data/mine.db'))).toBe(true)
  expect(await home.json('config', 'path', '--json')).toEqual({
    folder: home.path('.config/ainative-code'),
    files: [{ file: home.path(CONFIG), layer: 'user', trust: 'own' }],
    database: home.path('data/mine.db'),
  })
  expect(await home.ok('session', 'list')).toContain(id)
})

test('a JSON config does too, and AINATIVE_DB_PATH goes before both', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/config.json', '{"storage":{"path":"~/data/mine.db"}}')
  expect((await home.json('config', 'path', '--json')).database).toBe(home.path('data/mine.db'))
  const { stdout } = await home.runWith({ env: { AINATIVE_DB_PATH: home.path('other.db') } }, 'config', 'path', '--json')
  expect(JSON.parse(stdout).database).toBe(home.path('other.db'))
})

test('config show prints no secret whole, but references to the environment', async () => {
  const home = makeHome()
  home.write(
    CONFIG,
    [
      'llm:',
      '  anthropic:',
      '    api_key: sk-very-secret',
      '    headers: { Authorization: Bearer very-secret }',
      '  openai: { api_key: "${OPENAI_API_KEY}" }',
      'services:',
      '  zerodb: { endpoint: "postgresql://me:very-secret@db.example:5432" }',
      '',
    ].join('\n'),
  )
  const shown = await home.ok('config', 'show')
  expect(shown).not.toContain('very-secret')
  expect(JSON.parse(shown)).toMatchObject({
    llm: { anthropic: { api_key: '***', headers: { Authorization: '***' } }, openai: { api_key: '${OPENAI_API_KEY}' } },
    services: { zerodb: { endpoint: 'postgresql://me:***@db.example:5432' } },
  })
})

test('a config that is not YAML, or of a wrong type, is named with its place', async () => {
  const home = makeHome()
  home.write(CONFIG, 'a: [')
  const broken = await home.run('session', 'list')
  expect(broken.code).toBe(1)
  expect(broken.stderr).toContain(`cannot read the config ${home.path(CONFIG)}: line 2, column 1: unexpected end`)
  home.write(CONFIG, 'storage:\n  path: 5\n')
  const wrong = await home.run('session', 'list')
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toMatch(/config storage\.path: .*expected a path/)
  home.write(CONFIG, 'storage: 5\n')
  expect(await home.run('session', 'list')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('config storage: expected keys and values, not 5'),
  })
  home.write(CONFIG, 'plugins: x\n')
  expect((await home.run('session', 'list')).stderr).toContain('config plugins: expected a list of plugins, not a string')
  home.write(CONFIG, '- a\n')
  expect((await home.run('session', 'list')).stderr).toContain('expected keys and values')
})

test('a JSON config with a mistake is named with its line, and so is one of code', async () => {
  const home = makeHome()
  const at = (end: string) => `.config/ainative-code/config.${end}`
  home.write(at('json'), '{\n "a": 1,\n b\n}')
  expect((await home.run('session', 'list')).stderr).toContain(`cannot read the config ${home.path(at('json'))}: line 3, column 2:`)
  fs.rmSync(home.path(at('json')))
  home.write(at('ts'), 'export default {\n  a b\n}')
  expect((await home.run('session', 'list')).stderr).toContain(
    `cannot read the config ${home.path(at('ts'))}: line 2 of config.ts: Expected "}"`,
  )
  home.write(at('ts'), 'process.exit(0)')
  expect(await home.run('session', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining('it called process.exit(0)') })
  home.write(at('ts'), `throw new Error('ouch')`)
  expect(await home.run('session', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining('config.ts: ouch\n') })
})

test('a key that nobody reads is a warning with the nearest one', async () => {
  const home = makeHome()
  home.write(CONFIG, 'storge: { path: x }\nstorage: { pth: x }\ndefaults: { limt: 1 }\nllm: { any: { thing: 1 } }\nzzz: 1\n')
  const { code, stderr } = await home.run('session', 'list')
  expect(code).toBe(0)
  const warning = (text: string) => `warning: ${home.path(CONFIG)}: unknown key ${text}\n`
  expect(stderr).toBe(
    [
      warning('storge; did you mean storage?'),
      warning('storage.pth; did you mean storage.path?'),
      warning('defaults.limt; did you mean defaults.limit?'),
      warning('zzz'),
      'no session matches\n',
    ].join(''),
  )
})

test('so is one in a block that is read later, and one beside a plugin that was not loaded', async () => {
  const home = makeHome()
  home.write(
    CONFIG,
    [
      'plugins: [./gone.ts]',
      'mine: { known: "to that plugin, perhaps" }',
      'llm: { openai: { bogus: 1, options: { any: { thing: 1 } } }, google: { modle: x }, own: { x: 1 } }',
      'prices: { gpt-x: { inptu: 1 } }',
      '',
    ].join('\n'),
  )
  const { stderr } = await home.run('session', 'list')
  const told = [...stderr.matchAll(/unknown key (.*)$/gm)].map(([, text]) => text)
  expect(told).toEqual([
    'llm.openai.bogus',
    'llm.google.modle; did you mean llm.google.model?',
    'prices.gpt-x.inptu; did you mean prices.gpt-x.input?',
  ])
  expect((await home.run('chat', '--provider', 'ollama', 'hi')).stderr).toContain('unknown key llm.openai.bogus')
})

test("a user plugin's block is checked by its own schema, and known by it", async () => {
  const home = makeHome()
  home.write(
    'own.mjs',
    `import * as z from '${new URL('../../node_modules/zod/index.cjs', import.meta.url).pathname}'
    export default { name: 'own', configPath: 'services.own', config: z.object({ size: z.number().optional() }), apply() {} }`,
  )
  const config = (block: string) => home.write(CONFIG, `plugins: [~/own.mjs]\nservices: { own: ${block} }\n`)
  config('{ size: 5 }')
  expect((await home.run('session', 'list')).stderr).toBe('no session matches\n')
  config('{ sise: 5 }')
  expect((await home.run('session', 'list')).stderr).toContain('unknown key services.own.sise; did you mean services.own.size?')
  config('{ size: big }')
  const { code, stderr } = await home.run('session', 'list')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/plugin 'own' \(.*own\.mjs\) was not loaded: config services\.own\.size: .*expected number/),
  })
})
