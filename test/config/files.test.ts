import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'

const USER = '.config/ainative-code'
const within = (home: Home, ...argv: string[]) => home.runWith({ cwd: home.path('project') }, ...argv)

describe('a UTF-8 mark at the start of', () => {
  const MARK = '\ufeff'
  test.each([
    ['config.json', '{"own":{"a":1}}'],
    ['config.yaml', 'own: { a: 1 }'],
    ['config.ts', 'const a: number = 1; export default { own: { a } }'],
    ['config.mjs', 'export default { own: { a: await 1 } }'],
    ['config.cjs', 'module.exports = { own: { a: 1 } }'],
  ])("the user's %s is not part of it", async (name, text) => {
    const home = makeHome()
    home.write(`${USER}/${name}`, MARK + text)
    expect(await home.json('config', 'show')).toMatchObject({ own: { a: 1 } })
  })

  test.each([
    ['ainative.config.json', '{"own":{"a":1}}'],
    ['ainative.config.yaml', 'own: { a: 1 }'],
    ['ainative.config.ts', '#!/usr/bin/env x\nexport default { own: { a: 1 } }'],
    ['ainative.config.js', `import word from './word.json'\nexport default { own: { a: word.a } }`],
    ['.ainativerc', 'own: { a: 1 }'],
    ['package.json', '{"name":"x","ainative":{"own":{"a":1}}}'],
  ])("a project's %s is not part of it, and the file can be trusted", async (name, text) => {
    const home = makeHome()
    home.write('project/word.json', `${MARK}{"a":1}`)
    home.write(`project/${name}`, MARK + text)
    expect(await within(home, 'trust')).toMatchObject({ code: 0 })
    const { stdout, stderr } = await within(home, 'config', 'show')
    expect(stderr).not.toContain('trusted')
    expect(JSON.parse(stdout)).toMatchObject({ own: { a: 1 } })
  })
})

test('a config in UTF-16 is named', async () => {
  const home = makeHome()
  home.write(`${USER}/config.json`, Buffer.from('\ufeff{"own":1}', 'utf16le'))
  expectProblem(await home.run('session', 'list'), 1, 'config.json: it is UTF-16 text, expected UTF-8')
})

const LARGE = ' '.repeat((1 << 20) + 1)
const KINDS: [kind: string, make: (home: Home, file: string) => void, says: string][] = [
  ['larger than 1 MB', (home, file) => void home.write(file, `${LARGE}{}`), 'it is larger than 1 MB'],
  ['a folder', (home, file) => void home.write(`${file}/x`, ''), 'it is not a file'],
  [
    'a pipe',
    (home, file) => {
      fs.mkdirSync(home.path(file, '..'), { recursive: true })
      execFileSync('mkfifo', [home.path(file)])
    },
    'it is not a file',
  ],
  [
    'a device',
    (home, file) => {
      fs.mkdirSync(home.path(file, '..'), { recursive: true })
      fs.symlinkSync('/dev/zero', home.path(file))
    },
    'it is not a file',
  ],
]

describe('a config file that is', () => {
  test.each(KINDS)('%s is not read, and a line says so', async (_, make, says) => {
    for (const name of ['config.json', 'config.ts']) {
      const home = makeHome()
      make(home, `${USER}/${name}`)
      expectProblem(await home.run('session', 'list'), 1, says)
      expect((await home.run('config', 'path')).code).toBe(0)
    }
    for (const name of ['.ainativerc', 'ainative.config.ts', 'package.json']) {
      const home = makeHome()
      make(home, `project/${name}`)
      home.write('.ainativerc', 'defaults: { limit: 7 }')
      const { code, stdout, stderr } = await within(home, 'config', 'show')
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(says) })
      expect(stderr.match(/^warning: /gm)).toHaveLength(1)
      // A package.json that is no config is passed over.
      expect(JSON.parse(stdout).defaults?.limit).toBe(name === 'package.json' ? 7 : undefined)
      if (name !== 'package.json') expect((await within(home, 'trust')).code).toBe(1)
    }
  })
})

test('a large plugin, and a package.json that says nothing of this program, give no line', async () => {
  const home = makeHome()
  home.write('big.ts', `export default { name: 'big', apply() {} }\n// ${LARGE}`)
  home.write(`${USER}/config.yaml`, 'plugins: [~/big.ts]')
  for (const text of ['{', '', '[]', 'null', '{"name":"x"}']) {
    home.write('project/package.json', text)
    expect(await within(home, 'session', 'list')).toMatchObject({ code: 0, stderr: 'no session matches\n' })
  }
  home.write('project/package.json', '{"ainative": {')
  expect((await within(home, 'session', 'list')).stderr).toContain(`warning: cannot read ${home.path('project/package.json')}: `)
})
