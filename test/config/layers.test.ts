import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

const CONFIG = '.config/ainative-code/config.yaml'

test.each([
  ['config.yaml', 'storage: { path: ~/mine.db }'],
  ['config.yml', 'storage: { path: ~/mine.db }'],
  ['config.json', '{"storage":{"path":"~/mine.db"}}'],
  ['config.ts', `const path: string = '~/mine.db'; export default { storage: { path } }`],
  ['config.mts', `export default { storage: { path: '~/mine.db' } }`],
  ['config.js', `export default { storage: { path: '~/mine.db' } }`],
  ['config.mjs', `export default { storage: { path: await '~/mine.db' } }`],
  ['config.cjs', `module.exports = { storage: { path: '~/mine.db' } }`],
])('the user config may be %s', async (name, text) => {
  const home = makeHome()
  home.write(`.config/ainative-code/${name}`, text)
  const { stdout, stderr } = await home.run('config', 'path', '--json')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ database: home.path('mine.db'), files: [{ layer: 'user', trust: 'own' }] })
})

test.each([
  ...['ts', 'mts', 'js', 'mjs'].map((end) => [`ainative.config.${end}`, 'export default { own: { a: 1 } }']),
  ...['cts', 'cjs'].map((end) => [`ainative.config.${end}`, 'module.exports = { own: { a: 1 } }']),
  ['ainative.config.json', '{"own":{"a":1}}'],
  ['ainative.config.yaml', 'own: { a: 1 }'],
  ['.ainativerc', 'own: { a: 1 }'],
  ['.ainativerc.json', '{"own":{"a":1}}'],
  ['.ainativerc.yml', 'own: { a: 1 }'],
  ['.ainativerc.ts', 'export default { own: { a: 1 } }'],
  ['package.json', '{"name":"x","ainative":{"own":{"a":1}}}'],
])('a project may have %s', async (name, text) => {
  const home = makeHome()
  home.write(`project/${name}`, text)
  fs.mkdirSync(home.path('project/src/deep'), { recursive: true })
  const inside = { cwd: home.path('project/src/deep') }
  expect(await home.runWith(inside, 'trust')).toMatchObject({ code: 0 })
  expect(JSON.parse((await home.runWith(inside, 'config', 'show')).stdout)).toMatchObject({ own: { a: 1 } })
})

test('blocks of the user and of the project are put together, the nearest project alone, and the later wins', async () => {
  const home = makeHome()
  home.write(CONFIG, 'own: { a: 1, b: { c: 1, d: [1, 2] } }\ndefaults: { limit: 3, sort: title }')
  home.write('p/.ainativerc', 'own: { far: 1 }')
  home.write('p/q/ainative.config.yaml', 'own: { b: { c: 2, d: [3] } }\ndefaults: { limit: 5 }')
  const inside = { cwd: home.path('p/q') }
  await home.runWith(inside, 'trust')
  const { stdout } = await home.runWith(inside, 'config', 'show')
  expect(JSON.parse(stdout)).toMatchObject({ own: { a: 1, b: { c: 2, d: [3] } }, defaults: { limit: 5, sort: 'title' } })
  expect(stdout).not.toContain('far')
})

test('a key named __proto__ reaches no prototype', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/config.json', '{"__proto__":{"polluted":1},"own":{"__proto__":{"polluted":1}}}')
  expect(JSON.stringify(await home.json('config', 'show'))).not.toContain('polluted')
})

test('config path tells how far each file is trusted', async () => {
  const home = makeHome()
  home.write(CONFIG, 'defaults: { limit: 3 }')
  home.write('.ainativerc', 'defaults: { limit: 5 }')
  const says = async (state: string) =>
    expect(await home.ok('config', 'path')).toContain(
      `Config file: ${home.path(CONFIG)}\nConfig file: ${home.path('.ainativerc')} (${state})\n`,
    )
  await says('defaults only')
  home.write('.ainativerc', 'llm: {}')
  await says('not trusted')
  await home.ok('trust')
  await says('trusted')
})

test('${NAME} is what the environment holds, where the block is read', async () => {
  const home = makeHome()
  home.write(CONFIG, 'storage: { path: "${HOME}/${FOLDER}/mine.db" }\nllm: { openai: { api_key: "${NOT_SET}" } }')
  const { stdout } = await home.runWith({ env: { FOLDER: 'x' } }, 'config', 'path', '--json')
  expect(JSON.parse(stdout).database).toBe(home.path('x/mine.db'))
  const shown = await home.runWith({ env: { FOLDER: 'x' } }, 'config', 'show')
  expect(shown.stdout).toContain('${HOME}/${FOLDER}/mine.db')
  const missing = await home.run('session', 'list')
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('config storage.path: the environment variable FOLDER is not set'),
  })
})
