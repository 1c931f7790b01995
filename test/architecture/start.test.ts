import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bin, makeHome, OWN_CACHE, root } from '../helpers/cli.ts'

test('a start loads nothing of node that takes a while and that it has no need of', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const script = home.write('loaded.cjs', `process.on('exit', () => process._rawDebug('loaded ' + process.moduleLoadList.join()))`)
  const text = execFileSync('bash', ['-c', `"${process.execPath}" -r "${script}" "${bin}" session list 2>&1`], {
    env: home.env,
    encoding: 'utf8',
  })
  expect(text).toContain('One')
  const loaded = text.split('loaded ')[1]?.split(',') ?? []
  expect(loaded).toContain('NativeModule vm')
  const slow = ['stream', 'readline', 'crypto', 'os', 'perf_hooks', 'fs/promises', 'worker_threads', 'child_process', 'net', 'tty']
  for (const name of [...slow, 'string_decoder', 'timers/promises', 'internal/util/parse_args/parse_args'])
    expect(loaded, name).not.toContain(`NativeModule ${name}`)
})

test('a list of plain titles compiles no expression with Unicode properties, which takes up to 2 ms each', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const script = home.write(
    'expressions.cjs',
    `const sources = []
     globalThis.RegExp = new Proxy(RegExp, { construct: (target, args) => { sources.push(String(args[0])); return new target(...args) } })
     process.on('exit', () => process._rawDebug('compiled ' + JSON.stringify(sources)))`,
  )
  const text = execFileSync('bash', ['-c', `"${process.execPath}" -r "${script}" "${bin}" session list 2>&1`], {
    env: home.env,
    encoding: 'utf8',
  })
  expect(text).toContain('One')
  const sources = JSON.parse(text.split('compiled ')[1] ?? '') as string[]
  expect(sources.length).toBeGreaterThan(0)
  expect(sources.filter((source) => source.includes('\\p{'))).toEqual([])
})

test('a start reads no source map', async () => {
  const home = makeHome()
  const script = home.write(
    'read.cjs',
    `const fs = require('fs')
     const read = []
     for (const name of ['openSync', 'readFileSync']) {
       const own = fs[name]
       fs[name] = (file, ...rest) => { read.push(String(file)); return own(file, ...rest) }
     }
     process.on('exit', () => process._rawDebug('read ' + JSON.stringify(read)))`,
  )
  const { stderr } = await home.runWith({ env: { NODE_OPTIONS: `--require ${script}` } }, 'session', 'list')
  const read = JSON.parse(stderr.split('read ')[1] ?? '') as string[]
  expect(read).toContain(path.join(root, 'dist/core/main.cjs'))
  expect(fs.existsSync(path.join(root, 'dist/bin.cjs.map'))).toBe(true)
  expect(read.filter((file) => file.endsWith('.map'))).toEqual([])
})

/** Returns a function that runs a command and lists for each script, of a worker too, whether V8 refused the compiled code in the cache. */
function cacheWatch() {
  const home = makeHome(OWN_CACHE)
  const log = home.path('rejected')
  const script = home.write(
    'scripts.cjs',
    `const vm = require('vm')
     vm.Script = class extends vm.Script {
       constructor(...args) { super(...args); require('fs').appendFileSync(${JSON.stringify(log)}, this.cachedDataRejected + '\\n') }
     }`,
  )
  return async (...argv: string[]) => {
    fs.writeFileSync(log, '')
    await home.runWith({ env: { NODE_OPTIONS: `--require ${script}` } }, ...argv)
    return fs.readFileSync(log, 'utf8').trim().split('\n')
  }
}

test('a second start uses the compiled code of the first', async () => {
  const run = cacheWatch()
  const first = await run('session', 'list')
  expect(first.length).toBeGreaterThan(2)
  expect(new Set(first)).toEqual(new Set(['undefined']))
  expect(await run('session', 'list')).toEqual(first.map(() => 'false'))
})

test('the worker of a query, whose heap limit differs, has compiled code of its own', async () => {
  const run = cacheWatch()
  for (const argv of [
    ['session', 'list'],
    ['query', '1'],
    ['session', 'list'],
    ['query', '1'],
  ])
    expect(await run(...argv)).not.toContain('true')
  expect(new Set(await run('query', '1'))).toEqual(new Set(['false']))
})
