import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { bin, type Home, makeHome, startCli } from '../helpers/cli.ts'
import { adds, plugin, usePlugins } from '../helpers/plugins.ts'
import { filesIn, sample, samples, seed } from '../helpers/seed.ts'
import { until } from '../helpers/until.ts'

test('/dev/stdout is standard output; other descriptors and pipes are written directly', async () => {
  const home = makeHome()
  await seed(home, sample(1))
  const expected = await home.ok('session', 'export', 'sample000001', '-o', '-')
  expect(await home.ok('session', 'export', 'sample000001', '-o', '/dev/stdout')).toBe(expected)
  const bash = (line: string) =>
    execFileSync('bash', ['-c', `x() { "${process.execPath}" "${bin}" session export sample000001 -o "$1" >&2; }; ${line}`], {
      cwd: home.dir,
      env: home.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  expect(bash('x /dev/fd/3 3>&1 | cat')).toBe(expected)
  bash('echo before >log; x /dev/fd/3 3>>log')
  expect(home.read('log')).toBe(`before\n${expected}`)
  expect(bash('mkfifo pipe; cat pipe & x pipe; wait')).toBe(expected)
  expect(filesIn(home)).toEqual(['log', 'pipe'])
})

const temporary = (home: Home) => fs.readdirSync(home.path('out')).filter((name) => name.startsWith('.ainative-'))

test('an export that waits for the reader of a pipe ends at Ctrl-C and leaves no file', async () => {
  const home = makeHome()
  await seed(home, ...samples(2))
  fs.mkdirSync(home.path('out'))
  execFileSync('mkfifo', [home.path('out/sample000002.json')])
  const child = startCli(['session', 'export', '--all', '-o', 'out/{id}.json'], { cwd: home.dir, env: home.env })
  const ended = once(child, 'exit')
  await until('the export', () => temporary(home).some((name) => fs.statSync(home.path('out', name)).size > 0))
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(filesIn(home, 'out')).toEqual(['sample000002.json'])
})

/** A format that never ends the text of the second session. */
const STUCK = adds(
  'formats',
  `{ name: 'stuck', extension: '.txt', async *write({ id }: any) { yield id; if (id.endsWith('2')) await new Promise((end) => setTimeout(end, 1e8)) } }`,
)

/** Two sessions, a folder `out`, and how to start an export into it that has written a part of both. */
async function stuckExports() {
  const home = makeHome()
  await seed(home, ...samples(2))
  fs.mkdirSync(home.path('out'))
  usePlugins(home, { 'stuck.ts': plugin('stuck', STUCK) })
  const start = async () => {
    const before = temporary(home)
    const child = startCli(['session', 'export', '--all', '-o', 'out/{id}.txt', '--format', 'stuck'], { cwd: home.dir, env: home.env })
    await until('the export', () => temporary(home).filter((name) => !before.includes(name)).length === 2)
    const ended = once(child, 'exit')
    return async () => {
      child.kill('SIGKILL')
      await ended
    }
  }
  return { home, start }
}

test('the files of a killed export are removed by the next one into that folder; no others are', async () => {
  const { home, start } = await stuckExports()
  const kill = await start()
  await kill()
  const left = temporary(home)
  const others = ['.ainative-notes.tmp', '.ainative-00000000-1-00000000-1.tmp', 'x.tmp']
  for (const name of others) home.write(`out/${name}`, 'mine')
  const killLast = await start()
  expect(temporary(home).filter((name) => left.includes(name))).toEqual([])
  const running = temporary(home).filter((name) => !others.includes(name))
  await home.ok('session', 'export', '--all', '-o', 'out/{id}.json')
  expect(filesIn(home, 'out')).toEqual([...others, ...running, 'sample000001.json', 'sample000002.json'].sort())
  await killLast()
})

test('a backup removes what a killed command left in its folder, with the files that SQLite keeps beside it', async () => {
  const { home, start } = await stuckExports()
  const kill = await start()
  await kill()
  for (const end of ['-journal', '-wal', '-shm']) home.write(`out/${temporary(home)[0]}${end}`, '')
  await home.ok('session', 'backup', 'out/b.db')
  expect(filesIn(home, 'out')).toEqual(['b.db'])
})
