import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Home, makeHome, OWN_CACHE } from '../helpers/cli.ts'
import { adds, plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'

const says = (expression: string) => adds('commands', `{ name: 'say', summary: '', input: z.object({}), run: () => ${expression} }`)

/** The one compiled form in the cache of this home. */
function compiledIn(home: Home): string {
  const folder = home.path('.cache/ainative-code/modules-4')
  const [name, ...others] = fs.readdirSync(folder)
  expect(others).toEqual([])
  return path.join(folder, name as string)
}

test('the second start runs the compiled form, in a folder of the user alone', async () => {
  const home = makeHome(OWN_CACHE)
  usePlugins(home, { 'say.ts': plugin('say', says(`'source'`)) })
  expect(await home.json('say')).toBe('source')
  const file = compiledIn(home)
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(fs.readFileSync(file, 'utf8'))
  fs.writeFileSync(file, JSON.stringify({ ...kept, code: kept.code.replace('"source"', '"kept"') }))
  expect(await home.json('say')).toBe('kept')
})

test('a change of the file, or of what it imports, is seen at the next start', async () => {
  const home = makeHome(OWN_CACHE)
  home.write('elsewhere/lib/word.ts', `export { word } from './word.json'`)
  home.write('elsewhere/lib/word.json', '{ "word": "one" }')
  const text = `import { word } from './lib/word.js'\n${plugin('say', says('word'))}`
  usePlugins(home, { 'say.ts': text })
  expect(await home.json('say')).toBe('one')
  home.write('elsewhere/lib/word.json', '{ "word": "two" }')
  expect(await home.json('say')).toBe('two')
  home.write('elsewhere/say.ts', text.replace('=> word', `=> word + '!'`))
  expect(await home.json('say')).toBe('two!')
})

test('a cache that is broken or cannot be written is only a miss', async () => {
  const home = makeHome(OWN_CACHE)
  usePlugins(home, { 'say.ts': plugin('say', says('1')) })
  await home.ok('say')
  const file = compiledIn(home)
  for (const broken of ['', '{', '{}', '[]', JSON.stringify({ file: home.path('elsewhere/say.ts'), inputs: 5 })]) {
    fs.writeFileSync(file, broken)
    expect(await home.json('say')).toBe(1)
  }
  fs.chmodSync(path.dirname(file), 0o777)
  fs.writeFileSync(file, '{')
  expect(await home.json('say')).toBe(1)
  expect(fs.readFileSync(file, 'utf8')).toBe('{')
  fs.rmSync(home.path('.cache'), { recursive: true })
  home.write('.cache', 'a file')
  expect(await home.json('say')).toBe(1)
})

test('several at once that all compile it', async () => {
  const home = makeHome(OWN_CACHE)
  usePlugins(home, { 'say.ts': plugin('say', says('1')) })
  expect(await Promise.all([1, 2, 3, 4].map(() => home.json('say')))).toEqual([1, 1, 1, 1])
  compiledIn(home)
})

test('it knows where it lies, and finds its packages from there', async () => {
  const home = makeHome(OWN_CACHE)
  home.write('elsewhere/node_modules/near/index.js', `module.exports = 'near'`)
  home.write('elsewhere/node_modules/esm/package.json', '{"type":"module","exports":"./main.js"}')
  home.write('elsewhere/node_modules/esm/main.js', `export default 'esm'`)
  home.write('other/node_modules/near/index.js', `module.exports = 'other'`)
  home.write('other/place.mts', `import near from 'near'\nexport default [near, import.meta.dirname]`)
  const text = `import near from 'near'
import esm from 'esm'
import fs, { existsSync } from 'fs'
import place from '../other/place.mts'
const own = [near, esm, ...place, import.meta.url, import.meta.filename, __dirname, __filename, existsSync === fs.existsSync]
${plugin('say', says(`[...own, (await import('node:path')).sep]`).replace('run: ()', 'run: async ()'))}`
  const [file] = usePlugins(home, { 'say.ts': text })
  const here = home.path('elsewhere')
  const expected = ['near', 'esm', 'other', home.path('other'), `file://${file}`, file, here, file, true, '/']
  for (const _ of ['first', 'second']) expect(await home.json('say')).toEqual(expected)
  // The same as an ES module that waits.
  usePlugins(home, { 'say.ts': `await Promise.resolve()\n${text}` })
  for (const _ of ['first', 'second'])
    expect(await home.run('say')).toMatchObject({ code: 0, stderr: '', stdout: `${JSON.stringify(expected, null, 2)}\n` })
})

test('one that waits at its top level has the same core', async () => {
  const home = makeHome(OWN_CACHE)
  usePlugins(home, {
    'say.ts': `import { usage } from 'ainative-code'\nawait 1\n${plugin('say', says(`{ throw usage('one core') }`))}`,
  })
  expect(await home.run('say')).toMatchObject({ code: 2, stderr: expect.stringContaining('error: one core\n') })
})

test('a tsconfig.json nearby changes nothing', async () => {
  const home = makeHome(OWN_CACHE)
  home.write('elsewhere/tsconfig.json', '{"compilerOptions":{"paths":{"node:path":["./evil.ts"]},"jsx":"nonsense"}}')
  usePlugins(home, { 'say.ts': `import path from 'node:path'\n${plugin('say', says('path.sep'))}` })
  expect(await home.run('say')).toMatchObject({ code: 0, stdout: '"/"\n' })
})

test('a plugin that is a link is the file that it leads to', async () => {
  const home = makeHome(OWN_CACHE)
  home.write('real/say.ts', `import { word } from './word.ts'\n${plugin('say', says('word'))}`)
  home.write('real/word.ts', `export const word = 'beside the real one'`)
  fs.symlinkSync(home.path('real/say.ts'), home.path('link.ts'))
  home.write(USER_CONFIG, 'plugins: [~/link.ts]')
  expect(await home.json('say')).toBe('beside the real one')
})

test.each(['./lib/word.ts', './lib/word', './lib'])(
  'an import of %s through a link that now leads elsewhere is seen at the next start',
  async (id) => {
    const home = makeHome(OWN_CACHE)
    for (const word of ['one', 'two']) {
      home.write(`${word}/word.ts`, `export const word = '${word}'`)
      home.write(`${word}/index.ts`, `export * from './word.ts'`)
    }
    usePlugins(home, { 'say.ts': `import { word } from '${id}'\n${plugin('say', says('word'))}` })
    const link = home.path('elsewhere/lib')
    fs.symlinkSync(home.path('one'), link)
    expect(await home.json('say')).toBe('one')
    fs.unlinkSync(link)
    fs.symlinkSync(home.path('two'), link)
    expect(await home.json('say')).toBe('two')
  },
)

test('a plugin that waits at its top level finds a package whose main file has another name after an update', async () => {
  const home = makeHome(OWN_CACHE)
  const install = (main: string) => {
    home.write(`elsewhere/node_modules/word/${main}`, `module.exports = '${main}'`)
    home.write('elsewhere/node_modules/word/package.json', JSON.stringify({ name: 'word', main }))
  }
  install('one.js')
  usePlugins(home, { 'say.ts': `import word from 'word'\nawait 0\n${plugin('say', says('word'))}` })
  expect(await home.json('say')).toBe('one.js')
  fs.rmSync(home.path('elsewhere/node_modules/word'), { recursive: true })
  install('two.js')
  expect(await home.json('say')).toBe('two.js')
})
