import fs from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { plugin, usePlugins } from '../helpers/plugins.ts'
import { sample, seed } from '../helpers/seed.ts'

const values = async (home: Home, ...words: string[]) =>
  (await home.ok('complete', 'fish', '--', ...words))
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0])

test('tags, projects, providers and models are those of sessions in use, each once, in order', async () => {
  const home = here(makeHome())
  await seed(
    home,
    sample(1, { provider: 'openai', model: 'b-model', metadata: { tags: ['go', 'api'], project: 'x y' } }),
    sample(2, { provider: 'own', model: 'a-model', metadata: { tags: ['go', 'gone', 'über', '日本', '\ud800'], project: 'p' } }),
    sample(3, { provider: 'own', model: 'a-model', metadata: { tags: ['trashed', 'go'], project: 'trashed' } }),
  )
  await home.ok('session', 'delete', 'sample000003')
  expect(await values(home, 'session', 'list', '--tag', '')).toEqual(['api', 'go', 'gone', 'über', '日本'])
  expect(await values(home, 'session', 'list', '--tag', 'go')).toEqual(['go', 'gone'])
  expect(await values(home, 'session', 'list', '--tag', '日')).toEqual(['日本'])
  expect(await values(home, 'session', 'list', '--project', '')).toEqual(['p', 'x y'])
  expect(await values(home, 'session', 'list', '--model', '')).toEqual(['a-model', 'b-model'])
  expect(await values(home, 'session', 'list', '--provider', 'o')).toEqual(['openai', 'ollama', 'own'])
  expect(await values(home, 'session', 'create', '--title', 'x', '--tags', 'go,go')).toEqual(['go,go', 'go,gone'])
})

test('ids: the latest where nothing is typed, those of the trash where they are wanted', async () => {
  const home = here(makeHome())
  await seed(home, ...Array.from({ length: 25 }, (_, i) => sample(i + 1)))
  await home.ok('session', 'delete', 'sample000025')
  expect(await values(home, 'session', 'show', '')).toEqual(Array.from({ length: 20 }, (_, i) => sample(24 - i).id))
  expect(await values(home, 'session', 'show', 's')).toHaveLength(24)
  expect(await values(home, 'session', 'show', 'sample000001', 'sample00002')).toHaveLength(5)
  expect(await values(home, 'session', 'restore', '')).toEqual(['sample000025'])
  expect(await values(home, 'session', 'purge', 's')).toEqual(['sample000025'])
  expect(await values(home, 'session', 'rename', 'sample000001', '')).toEqual(['--json', '--fields', '--query', '--help'])
})

test('a setting completes the values that it takes, where they can be told', async () => {
  const home = makeHome()
  await seed(home, sample(1, { provider: 'own' }))
  const set = (...words: string[]) => values(home, 'config', 'set', ...words)
  expect(await set('llm.def')).toEqual(['llm.default_provider'])
  expect(await set('defaults.color', '')).toEqual(['auto', 'always', 'never'])
  expect(await set('defaults.sort', 'm')).toEqual(['messages'])
  expect(await set('defaults.format', 'js')).toEqual(['json', 'jsonl'])
  expect(await set('defaults.time_zone', 'Europe/Berl')).toEqual(['Europe/Berlin'])
  // The provider that only a session names is none that can be the default.
  expect(await set('llm.default_provider', 'o')).toEqual(['openai', 'ollama'])
  usePlugins(home, {
    'own.ts': plugin('own', '').replace('apply', 'config: (z: any) => z.object({ quiet: z.boolean() }).partial(), apply'),
  })
  expect(await set('own.quiet', '')).toEqual(['true', 'false'])
  for (const words of [
    ['llm.openai.api_key', 's'],
    ['nope.key', 'x'],
    ['a..b', 'x'],
    ['defaults.color', 'auto', 'x'],
  ])
    expect(await set(...words)).toEqual([])
})

test('files and folders, those of the home too', async () => {
  const home = makeHome()
  home.write('data/one.json', '')
  home.write('data/two words.json', '')
  home.write('data/.hidden', '')
  fs.symlinkSync(home.path('data'), home.path('link'))
  expect((await values(home, 'session', 'import', '-i', '')).sort()).toEqual(['data/', 'link/'])
  expect(await values(home, 'session', 'import', 'data/')).toEqual(['data/one.json', 'data/two words.json'])
  expect(await values(home, 'session', 'import', '--dir=~/da')).toEqual(['--dir=~/data/'])
  expect(await values(home, 'session', 'export', '--output', 'data/.h')).toEqual(['data/.hidden'])
})

test('what cannot be completed, or read, is silence and no failure', async () => {
  const home = makeHome()
  for (const words of [
    ['nonsense', ''],
    ['session', 'show', '../'],
    ['session', 'import', '-i', 'none/such'],
    ['session', 'list', '--nope=x'],
  ])
    expect(await home.run('complete', 'zsh', '--', ...words)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await home.run('complete', 'bash', '--', ' =:', `ainative-code session show "a'\\`)).toEqual({ code: 0, stdout: '', stderr: '' })
  home.write('.config/ainative-code/sessions.db', 'this is no database, however long it is: '.repeat(40))
  expect(await home.run('complete', 'zsh', '--', 'session', 'show', '')).toEqual({ code: 0, stdout: '', stderr: '' })
  home.write('.config/ainative-code/config.yaml', 'a: [')
  expect((await home.run('complete', 'zsh', '--', 'session', 'cr')).stdout).toBe('create\tCreate a session\n')
  for (const argv of [['complete'], ['complete', 'tcsh', '--', ''], ['complete', 'zsh', '--nope']])
    expect(await home.run(...argv)).toMatchObject({ stdout: '' })
})

test('neither help nor completion names what the scripts call', async () => {
  const home = makeHome()
  expect(await home.ok('help')).not.toMatch(/^ {2}complete /m)
  expect(await values(home, 'comp')).toEqual(['completion'])
  expect((await home.run('complet')).stderr).toMatch(/did you mean completion\?/)
})

test('an expression completes every function that JSONata has, those of shipped plugins, and no other', async () => {
  const source = fs.readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
  const own = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map((match) => `$${match[1]}(`)
  expect(own.length).toBeGreaterThan(50)
  // These two are bound anew for each evaluation.
  expect((await values(makeHome(), 'query', '$')).sort()).toEqual([...new Set([...own, '$now(', '$millis(', '$search('])].sort())
})
