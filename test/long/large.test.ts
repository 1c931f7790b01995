import { once } from 'node:events'
import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { idOf, sessionOf } from '../helpers/backup.ts'
import { type Home, makeHome, startCli } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'

const MB = 1 << 20

/** Writes a large file piece by piece. */
async function writeLarge(file: string, pieces: Iterable<string | Buffer>): Promise<void> {
  const out = fs.createWriteStream(file)
  for (const piece of pieces) if (!out.write(piece)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
}

function* backup(sessions: number, messages: number, chars: number): Iterable<string> {
  yield '[\n'
  for (let i = 0; i < sessions; i++) yield `${i ? ',\n' : ''}${JSON.stringify(sessionOf(i, { messages, chars }))}`
  yield '\n]\n'
}

/** Runs a command and watches the memory it holds, in MB. */
async function watched(home: Home, ...argv: string[]): Promise<{ code: number; stderr: string; peak: number }> {
  const child = startCli(argv, { cwd: home.dir, env: home.env })
  child.stdin.end()
  child.stdout.resume()
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  let peak = 0
  const look = setInterval(() => {
    const status = fs.existsSync(`/proc/${child.pid}/status`) ? fs.readFileSync(`/proc/${child.pid}/status`, 'utf8') : ''
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024)
  }, 50)
  const [code] = await once(child, 'exit')
  clearInterval(look)
  return { code, stderr, peak }
}

test.skipIf(process.platform !== 'linux')('2 GB are imported and exported in constant memory while others write', async () => {
  const home = makeHome()
  const file = home.path('large.json')
  await writeLarge(file, backup(42_000, 50, 1000))
  expect(fs.statSync(file).size).toBeGreaterThan(2 ** 31)
  let writing = true
  const failed: string[] = []
  let written = 0
  const writer = (async () => {
    while (writing) {
      const { code, stderr } = await home.run('session', 'create', '--title', 'Mine')
      if (code === 0) written++
      else failed.push(stderr)
    }
  })()
  const imported = await watched(home, 'session', 'import', '-i', file)
  writing = false
  await writer
  expect(failed).toEqual([])
  expect(written).toBeGreaterThan(10)
  expect(imported).toMatchObject({ code: 0, stderr: '' })
  expect(imported.peak).toBeLessThan(300)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', foreign: 0, sessions: 42_000 + written, staged: 0, messages: 42_000 * 50 })
  const exported = await watched(home, 'session', 'export', '--until', '2023-12-31', '-o', 'out.json')
  expect(exported).toMatchObject({ code: 0, stderr: '' })
  expect(exported.peak).toBeLessThan(250)
  expect(fs.statSync(home.path('out.json')).size).toBeGreaterThan(2 ** 31)
})

test.skipIf(process.platform !== 'linux')('2 GB that are no backup are refused without filling the memory', async () => {
  const home = makeHome()
  onTestFinished(() => fs.rmSync(home.path('bad.json'), { force: true }))
  const fills: [start: string, piece: Buffer][] = [
    ['', Buffer.alloc(MB, 'a')],
    ['[{"id":"', Buffer.alloc(MB, 'a')],
    ['', Buffer.alloc(MB, '[')],
    ['', Buffer.alloc(MB, ' ')],
    ['', Buffer.alloc(MB, 0)],
    ['[', Buffer.alloc(MB, 'x\n')],
  ]
  for (const [start, piece] of fills) {
    await writeLarge(home.path('bad.json'), [start, ...Array(2100).fill(piece)])
    const { code, stderr, peak } = await watched(home, 'session', 'import', '-i', 'bad.json')
    expectProblem({ code, stderr, stdout: '' }, 1)
    expect({ start, peak: peak < 1400 }).toEqual({ start, peak: true })
  }
})

test('100,000 sessions are deleted, restored and purged while others write', async () => {
  const home = makeHome()
  await writeLarge(home.path('many.json'), backup(100_000, 1, 20))
  await home.ok('session', 'import', '-i', 'many.json')
  const selection = ['--search', 'session']
  for (const [verb, ...flags] of [['tag', 'x'], ['delete'], ['restore'], ['delete'], ['purge']]) {
    let busy = true
    const change = home.run('session', verb as string, ...flags, ...selection).finally(() => {
      busy = false
    })
    const failed: string[] = []
    while (busy) {
      const { code, stderr } = await home.run('session', 'create', '--title', 'Mine')
      if (code !== 0) failed.push(stderr)
    }
    expect({ verb, ...(await change), failed }).toMatchObject({ verb, code: 0, stderr: '', failed: [] })
  }
  expect(await home.ok('query', '$count(sessions[title != "Mine"])')).toBe('0\n')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', foreign: 0, messages: 0 })
})

test('a killed import of 100,000 sessions is swept without holding up the next command for long', async () => {
  const home = makeHome()
  await writeLarge(home.path('many.json'), backup(100_000, 4, 200))
  const child = startCli(['session', 'import', '-i', 'many.json'], { cwd: home.dir, env: home.env })
  child.stdout.resume()
  const ended = once(child, 'exit')
  await home.ok('session', 'list')
  while (lookInto(home).staged < 20_000) await new Promise((resolve) => setTimeout(resolve, 50))
  child.kill('SIGKILL')
  await ended
  const results = await Promise.all(Array.from({ length: 8 }, () => home.run('session', 'create', '--title', 'Mine')))
  expect(results.filter(({ code }) => code !== 0)).toEqual([])
  // A command that meets another writer leaves the rest to the next command.
  await home.ok('session', 'list')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 8, staged: 0, imports: 0, messages: 0 })
  expect(await home.run('session', 'show', idOf(1))).toMatchObject({ code: 1 })
})
