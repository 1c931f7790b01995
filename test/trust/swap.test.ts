import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Home, makeHome, OWN_CACHE } from '../helpers/cli.ts'
import { adds, plugin } from '../helpers/plugins.ts'
import { thin } from '../helpers/thin.ts'

const says = (text: string) => plugin('say', adds('commands', `{ name: 'say', summary: '', input: z.object({}), run: () => ${text} }`))

/** A file of a project that is swapped: its name, the text that is trusted, and one that leaves a mark where it is used. */
interface Swapped {
  file: string
  good: string
  evil: string
}

const mark = (home: Home) => `globalThis.process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(home.path('marker'))}, '')\n`

const CASES: [kind: string, config: Record<string, string>, swapped: (home: Home) => Swapped][] = [
  [
    'a config of code',
    {},
    (home) => ({
      file: 'ainative.config.ts',
      good: 'export default { own: { a: 1 } }',
      evil: `${mark(home)}export default { own: { a: 2 } }`,
    }),
  ],
  [
    'a config of data',
    { 'evil.ts': `throw new Error('never trusted')` },
    () => ({ file: '.ainativerc', good: 'own: { a: 1 }', evil: `own: { a: 2 }\nstorage: { path: marker }` }),
  ],
  [
    'a package.json',
    {},
    () => ({ file: 'package.json', good: '{"ainative":{"own":{"a":1}}}', evil: '{"ainative":{"storage":{"path":"marker"}}}' }),
  ],
  ['a plugin', { '.ainativerc': 'plugins: [./p.ts]' }, (home) => ({ file: 'p.ts', good: says('1'), evil: `${mark(home)}${says('2')}` })],
  ...['word.ts', 'word.mjs', 'word.json', 'word.txt', 'word', 'node_modules/word/index.js'].map((file): (typeof CASES)[number] => [
    `what a plugin imports, ${file},`,
    { '.ainativerc': 'plugins: [./p.ts]', 'p.ts': importing(file) },
    (home) => ({ file, ...texts(file, home) }),
  ]),
  [
    'what a plugin imports by a # name',
    {
      '.ainativerc': 'plugins: [./p.ts]',
      'p.ts': importing('#word'),
      'package.json': '{"imports":{"#word":"./word.js"}}',
    },
    (home) => ({ file: 'word.js', ...texts('word.js', home) }),
  ],
]

/** A plugin that leaves a mark where the word that it imports is evil. */
function importing(file: string): string {
  const id = file.startsWith('node_modules') || file.startsWith('#') ? file.replace(/^node_modules\/|\/index.js$/g, '') : `./${file}`
  return `import word from ${JSON.stringify(id)}
if (String(word.word ?? word).includes('evil')) globalThis.process.getBuiltinModule('fs').writeFileSync(import.meta.dirname + '/../marker', '')
${says('1')}`
}

function texts(file: string, home: Home): { good: string; evil: string } {
  if (file.endsWith('.json')) return { good: '{"word":"good"}', evil: '{"word":"evil"}' }
  if (file.endsWith('.txt')) return { good: 'good', evil: 'evil' }
  return { good: `export default 'good'`, evil: `${mark(home)}export default 'evil'` }
}

function setUp(files: Record<string, string>, swapped: (home: Home) => Swapped) {
  const home = makeHome(OWN_CACHE)
  const { file, good, evil } = swapped(home)
  for (const [name, text] of Object.entries(files)) home.write(`project/${name}`, text)
  home.write('good', good)
  home.write('evil', evil)
  const target = home.write(`project/${file}`, good)
  const cwd = home.path('project')
  return { home, target, run: (env: NodeJS.ProcessEnv, ...argv: string[]) => home.runWith({ cwd, env }, ...argv) }
}

/** Removes the compiled modules. The compiled code of the program itself stays: without it, each start takes twice the time. */
const forgetModules = (home: Home) => fs.rmSync(modulesOf(home), { recursive: true, force: true })

/** The folder of the compiled modules. */
function modulesOf(home: Home): string {
  const [folder = ''] = fs.readdirSync(home.path('.cache/ainative-code')).filter((name) => name.startsWith('modules-'))
  return home.path('.cache/ainative-code', folder || 'modules')
}

/** A module for node --require that puts the evil text into a file once the program has looked at it so many times. */
const swapper = (home: Home, target: string, looks: number) => `
const fs = require('fs')
const target = ${JSON.stringify(target)}
let left = ${looks}
for (const name of ['openSync', 'readFileSync']) {
  const real = fs[name]
  fs[name] = (file, ...rest) => {
    const result = real(file, ...rest)
    if (file !== target || --left !== 0) return result
    fs.copyFileSync(${JSON.stringify(home.path('evil'))}, target + '.new')
    fs.renameSync(target + '.new', target)
    return result
  }
}
`

describe('a text that was not trusted is never used, though the file changes after so many looks', () => {
  const all = CASES.flatMap(([kind, files, swapped]) => [1, 2, 3].map((looks) => [kind, looks, files, swapped] as const))
  test.each(thin(4, all))('%s (%i)', async (_, looks, files, swapped) => {
    const { home, target, run } = setUp(files, swapped)
    expect(await run({}, 'trust')).toMatchObject({ code: 0 })
    const hook = home.write('swap.cjs', swapper(home, target, looks))
    for (const cache of ['none', 'kept']) {
      fs.copyFileSync(home.path('good'), target)
      if (cache === 'none') forgetModules(home)
      const { code } = await run({ NODE_OPTIONS: `--require ${hook}` }, 'session', 'create', '--title', 'T')
      expect(code).toBe(0)
    }
    expect(fs.existsSync(home.path('marker'))).toBe(false)
    expect(fs.existsSync(home.path('project/marker'))).toBe(false)
  })
})

test('a file that another process swaps all the time is only ever used as it was trusted', async () => {
  const { home, target, run } = setUp({ '.ainativerc': 'plugins: [./p.ts]' }, (own) => ({
    file: 'p.ts',
    good: says('1'),
    evil: `${mark(own)}${says('2')}`,
  }))
  expect(await run({}, 'trust')).toMatchObject({ code: 0 })
  const script = `const fs = require('fs')
    for (let i = 0; ; i++) { fs.copyFileSync(i % 2 ? 'good' : 'evil', 'new'); fs.renameSync('new', process.argv[1]) }`
  const swapping = spawn(process.execPath, ['-e', script, target], { cwd: home.dir, stdio: 'ignore' })
  try {
    for (let i = 0; i < 12; i++) {
      if (i % 2) forgetModules(home)
      const { stdout, stderr } = await run({}, 'say')
      expect(stdout === '' ? stderr : stdout).toMatch(/^1\n$|p\.ts has changed since/)
    }
  } finally {
    swapping.kill('SIGKILL')
  }
  expect(fs.existsSync(home.path('marker'))).toBe(false)
})

test('a compiled form that another user can write is not used', async () => {
  const { home, run } = setUp({ '.ainativerc': 'plugins: [./p.ts]' }, () => ({ file: 'p.ts', good: says('1'), evil: '' }))
  await run({}, 'trust')
  expect((await run({}, 'say')).stdout).toBe('1\n')
  const [file = ''] = fs.readdirSync(modulesOf(home))
  const place = path.join(modulesOf(home), file)
  const kept = JSON.parse(fs.readFileSync(place, 'utf8'))
  fs.writeFileSync(place, JSON.stringify({ ...kept, code: kept.code.replace('run: () => 1', 'run: () => 2') }))
  expect((await run({}, 'say')).stdout).toBe('2\n')
  fs.chmodSync(place, 0o666)
  expect((await run({}, 'say')).stdout).toBe('1\n')
})
