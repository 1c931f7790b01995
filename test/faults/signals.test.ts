import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { backup, filledHome } from '../helpers/backup.ts'
import { useBegun } from '../helpers/begun.ts'
import { bin, type Home, makeHome } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'
import { okHere } from '../helpers/here.ts'
import { mayLeave } from '../helpers/stdin.ts'
import { until } from '../helpers/until.ts'

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/** Starts a command whose output goes to the file out.txt, so that no reader holds it up. */
function start(home: Home, argv: string[]): ChildProcess {
  const out = fs.openSync(home.path('out.txt'), 'w')
  const child = spawn(process.execPath, [bin, ...argv], { cwd: home.dir, env: home.env, stdio: ['pipe', out, 'pipe'] })
  fs.closeSync(out)
  onTestFinished(() => void child.kill('SIGKILL'))
  mayLeave(child.stdin)
  return child
}

/** Waits for a condition, then signals; gives the exit code and the text of standard error. */
async function signalWhen(child: ChildProcess, signal: NodeJS.Signals, ready: () => boolean) {
  let stderr = ''
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  const ended = once(child, 'exit')
  await until('the moment to signal', () => child.exitCode !== null || ready())
  child.kill(signal)
  const [code, killedBy] = (await ended) as [number | null, NodeJS.Signals | null]
  return { code: code ?? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGKILL: 9 } as Record<string, number>)[killedBy ?? '']!, stderr }
}

/** Tries again where a command was done before the signal came. */
const meeting = (attempt: () => ReturnType<typeof signalWhen>) =>
  until('a command that the signal meets', async () => {
    const result = await attempt()
    return result.code === 0 ? undefined : result
  })

/** An export of it takes so long that a signal meets it. */
const LARGE = { sessions: 1500, messages: 10, chars: 800 }

describe.each(SIGNALS)('%s', (signal, code) => {
  test('ends an import that waits for more, and nothing of it is there', async () => {
    const home = makeHome()
    await home.create('--title', 'Before')
    const child = start(home, ['session', 'import', '-i', '-'])
    child.stdin?.write(backup({ sessions: 1500 }).replace(/\n\]\n$/, ',\n'))
    const result = await signalWhen(child, signal, () => lookInto(home).staged > 0)
    expect(result).toEqual({ code, stderr: '' })
    await okHere(home, 'session', 'list')
    expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0, imports: 0, messages: 0 })
  })

  test('ends an export to a file and takes its temporary file away', async () => {
    const home = await filledHome(LARGE)
    const result = await meeting(() => {
      home.write('out/all.json', 'before')
      const child = start(home, ['session', 'export', '--all', '-o', 'out/all.json'])
      return signalWhen(child, signal, () => fs.readdirSync(home.path('out')).length > 1)
    })
    expect(result).toEqual({ code, stderr: '' })
    expect(fs.readdirSync(home.path('out'))).toEqual(['all.json'])
    expect(home.read('out/all.json')).toBe('before')
  })

  test('ends an export to standard output', async () => {
    const home = await filledHome(LARGE)
    const size = (file: string) => fs.statSync(home.path(file)).size
    const result = await meeting(() =>
      signalWhen(start(home, ['session', 'export', '--all', '-o', '-']), signal, () => size('out.txt') > 0),
    )
    expect(result).toEqual({ code, stderr: '' })
    expect(size('out.txt')).toBeLessThan(LARGE.sessions * LARGE.messages * LARGE.chars)
  })

  test('ends a query that never ends by itself', async () => {
    const home = makeHome()
    await home.create('--title', 'One')
    const begun = useBegun(home)
    const child = start(home, ['query', '($begun(); $f := function($x){$f($x + 1)}; $f(1))'])
    await begun()
    const result = await signalWhen(child, signal, () => true)
    expect(result).toEqual({ code, stderr: '' })
  })
})
