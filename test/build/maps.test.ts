import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { expect, test } from 'vitest'
import { toCommonJs } from '../../scripts/build/commonjs.ts'
import { ownMap } from '../../scripts/build/own-map.ts'
import { makeHome, root } from '../helpers/cli.ts'

/** The text of the source line that a place such as `core/run.ts:41` names. */
const lineAt = (file: string, line: string) => fs.readFileSync(path.join(root, file), 'utf8').split('\n')[Number(line) - 1] ?? ''

test('an internal fault names the line of the source, and --debug the lines of the whole stack', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const fault = home.write('fault.cjs', "String.prototype.repeat = () => { throw new TypeError('boom') }")
  const env = { NODE_OPTIONS: `--require ${fault}` }

  const short = await home.runWith({ env }, 'session', 'list')
  const [, file = '', line = ''] =
    /^error: boom\nhint: this is a bug in ainative-code \((core\/[\w/-]+\.ts):(\d+)\); --debug shows the stack\n$/.exec(short.stderr) ?? []
  expect(lineAt(file, line), short.stderr).toContain('.repeat(')
  expect(short.code).toBe(1)

  const { stderr } = await home.runWith({ env }, 'session', 'list', '--debug')
  const places = [...stderr.matchAll(/^ {4}at .*?((?:core|plugins)\/[\w/-]+\.ts):(\d+):\d+\)?$/gm)]
  expect(places[0]?.slice(1)).toEqual([file, line])
  expect(places.length, stderr).toBeGreaterThan(4)
  for (const [text, file = '', line = ''] of places) expect(lineAt(file, line).trim(), text).not.toBe('')
  expect(stderr).not.toContain('dist/')
})

test("--debug shows the lines of a script's source, whatever its folder is called", async () => {
  const home = makeHome()
  const file = home.write('a b (c)/own.ts', "interface A {\n  a: 1\n}\n\nexport default (): A => {\n  throw new TypeError('own')\n}\n")
  const { stderr } = await home.run('run', file, '--debug')
  expect(stderr).toContain('error: own.ts:6: own\n')
  expect(stderr).toContain(`(${fs.realpathSync(file)}:6:9)\n`)
})

test('an installation without sources names them below its own folder, also with the compiled code of another one', async () => {
  const home = makeHome()
  fs.cpSync(path.join(root, 'dist'), home.path('moved/dist'), { recursive: true })
  fs.symlinkSync(path.join(root, 'node_modules'), home.path('moved/node_modules'))
  const argv = ['session', 'show', 'none', '--debug']
  const { stderr } = await home.run(...argv)
  const moved = spawnSync(process.execPath, [home.path('moved/dist/bin.cjs'), ...argv], { env: home.env, encoding: 'utf8' })
  expect(moved.stderr).toBe(stderr.replaceAll(`${root}/`, ''))
  expect(moved.stderr).toMatch(/^ {4}at .*\(core\//m)
})

test('a stack that is hostile text is shown as it is', async () => {
  const home = makeHome()
  const stack = `x\n    at ${'( /core/'.repeat(100)}x:1\n    at ${'core/'.repeat(200_000)}/x:1:1\n    at /no/such.cjs:1:1\n    at f (${root}/dist/core/none.cjs:1:1)\n`
  const file = home.write('own.js', `module.exports = () => { throw Object.assign(new Error('own'), { stack: ${JSON.stringify(stack)} }) }`)
  const { stderr, code } = await home.run('run', file, '--debug')
  expect(code).toBe(1)
  expect(stderr).toContain(stack)
})

test('a map leaves out packages and names', () => {
  const json = JSON.stringify({
    version: 3,
    sources: ['../core/a.ts', '../node_modules/b/b.js', '<stdin>'],
    names: ['a'],
    // Column 0 is of a.ts, 2 and 4 of the package, 6 of a.ts again.
    mappings: 'AAAAA,ECAA,EAAA,EDCA',
  })
  const map = JSON.parse(ownMap(json) ?? '')
  expect(map).toMatchObject({ sources: ['../core/a.ts'], names: [] })
  const source = new SourceMap(map)
  expect([0, 3, 5, 6].map((column) => (source.findEntry(0, column) as { originalLine?: number }).originalLine)).toEqual([
    0,
    undefined,
    undefined,
    1,
  ])
})

test('code of packages alone has no map', () => {
  expect(ownMap(JSON.stringify({ version: 3, sources: ['../../node_modules/b/b.js'], names: [], mappings: 'AAAA' }))).toBeUndefined()
})

test('an import of several lines keeps them, so that the map fits', () => {
  expect(toCommonJs('import {\n  a as b,\n  c\n} from "./x.cjs";\nb(c);\nexport {\n  b as d\n};\n')).toBe(
    'const {a: b, c: c} = require("./x.cjs");\n\n\n\nb(c);\nmodule.exports = {__esModule: true, d: b};\n',
  )
  expect(() => toCommonJs('import a, { b } from "./x.cjs";\n')).toThrow('cannot convert an import to CommonJS')
  expect(() => toCommonJs('a();\nexport const b = 1;\n')).toThrow('cannot convert an export to CommonJS')
})
