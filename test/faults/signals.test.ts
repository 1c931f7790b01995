import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { bin, type Home, makeHome } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/** Starts a command whose output goes to a file, so that no reader holds it up. */
const start = (home: Home, argv: string[], stdout: string): ChildProcess =>
  spawn(process.execPath, [bin, ...argv], { cwd: home.dir, env: home.env, stdio: ['pipe', fs.openSync(home.path(stdout), 'w'), 'pipe'] })

/** Waits for a condition on the disk, then signals; gives the code and what stood on standard error. */
async function signalWhen(child: ChildProcess, signal: NodeJS.Signals, ready: () => boolean) {
  let stderr = ''
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  const ended = once(child, 'exit')
  while (child.exitCode === null && !ready()) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill(signal)
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const [code, killedBy] = (await ended) as [number | null, NodeJS.Signals | null]
  clearTimeout(deadline)
  return { code: code ?? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGKILL: 9 } as Record<string, number>)[killedBy ?? '']!, stderr }
}

const size = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0

describe.each(SIGNALS)('%s', (signal, code) => {
  test('ends an import that waits for more, and nothing of it is there', async () => {
    const home = makeHome()
    await home.create('--title', 'Before')
    const child = start(home, ['session', 'import', '-i', '-'], 'out.txt')
    child.stdin?.on('error', () => undefined)
    child.stdin?.write(backup({ sessions: 1500 }).replace(/\n\]\n$/, ',\n'))
    const result = await signalWhen(child, signal, () => lookInto(home).staged > 0)
    expect(result).toEqual({ code, stderr: '' })
    await home.ok('session', 'list')
    expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0, imports: 0, messages: 0 })
  })

  test('ends an export to a file and takes its temporary file away', async () => {
    const home = makeHome()
    home.write('b.json', backup({ sessions: 1500, messages: 10, chars: 800 }))
    await home.ok('session', 'import', '-i', 'b.json')
    home.write('out/all.json', 'before')
    const child = start(home, ['session', 'export', '--all', '-o', 'out/all.json'], 'out.txt')
    const result = await signalWhen(child, signal, () => fs.readdirSync(home.path('out')).length > 1)
    expect(result).toEqual({ code, stderr: '' })
    expect(fs.readdirSync(home.path('out'))).toEqual(['all.json'])
    expect(home.read('out/all.json')).toBe('before')
  })

  test('ends an export to standard output', async () => {
    const home = makeHome()
    home.write('b.json', backup({ sessions: 1500, messages: 10, chars: 800 }))
    await home.ok('session', 'import', '-i', 'b.json')
    const child = start(home, ['session', 'export', '--all', '-o', '-'], 'out.txt')
    const result = await signalWhen(child, signal, () => size(home.path('out.txt')) > 0)
    expect(result).toEqual({ code, stderr: '' })
    expect(size(home.path('out.txt'))).toBeLessThan(size(home.path('b.json')))
  })

  test('ends a query that never ends by itself', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    const child = start(home, ['query', '($f := function($x){$f($x + 1)}; $f(1))'], 'out.txt')
    const started = Date.now()
    const result = await signalWhen(child, signal, () => Date.now() - started > 1000)
    expect(result).toEqual({ code, stderr: '' })
  })
})
