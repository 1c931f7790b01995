import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filledHome, idOf } from '../helpers/backup.ts'
import { bin, type Home, makeHome, startCli } from '../helpers/cli.ts'
import { shell } from '../helpers/shell.ts'
import { mayLeave } from '../helpers/stdin.ts'
import { until } from '../helpers/until.ts'

const filled = () => filledHome({ sessions: 600, messages: 4, chars: 400 })

/** Runs with a reader that leaves after the first bytes, as `| head -1` does. */
async function intoHead(home: Home, argv: string[], input = ''): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd: home.dir, env: home.env, stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  mayLeave(child.stdin)
  child.stdin.end(input)
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  return { code, stderr }
}

/** The processor time that a process has used, in the form of /proc; the same text everywhere else. */
function processorTime(pid: number | undefined): string {
  const file = `/proc/${pid}/stat`
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(' ').slice(13, 15).join() : ''
}

describe('a reader that leaves is no failure', () => {
  test('of any command', async () => {
    const home = await filled()
    const commands = [
      ['session', 'list', '--all'],
      ['session', 'list', '--all', '--json'],
      ['session', 'list', '--all', '--format', 'csv'],
      ['session', 'list', '--all', '--format', 'jsonl'],
      ['session', 'show', idOf(1), '--format', 'markdown'],
      ['session', 'export', '--all', '-o', '-'],
      ['session', 'export', '--all', '-o', '-', '--format', 'text'],
      ['session', 'delete', '--all', '--dry-run'],
      ['query', 'sessions.messages.content'],
      ['query', 'sessions', '--format', 'table'],
    ]
    for (const argv of commands) expect({ argv, ...(await intoHead(home, argv)) }).toEqual({ argv, code: 0, stderr: '' })
  })

  test('of a piped script', async () => {
    const home = await filled()
    const script = 'session export --all -o -\n'.repeat(4)
    expect(await intoHead(home, [], script)).toEqual({ code: 0, stderr: '' })
  })

  test('of a socket that holds text unread', async () => {
    const home = await filled()
    const child = startCli(['session', 'export', '--all', '-o', '-'], { cwd: home.dir, env: home.env })
    child.stdin.end()
    let stderr = ''
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.stdout.once('readable', () => undefined)
    // The command sleeps in a write once the socket is full.
    const times = new Set<string>()
    let same = 0
    await until('a full socket', () => {
      const time = processorTime(child.pid)
      same = times.has(time) ? same + 1 : 0
      times.add(time)
      return child.stdout.readableLength > 0 && same > 5
    })
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test.each([['--version'], ['--help'], ['help'], ['config path'], ['session']])('that was never there, of %s', async (words) => {
    const home = makeHome()
    const child = spawn('sh', ['-c', `{ "$0" "$1" ${words}; echo $? >code; } 2>err | true`, process.execPath, bin], {
      cwd: home.dir,
      env: home.env,
    })
    await once(child, 'exit')
    expect({ code: home.read('code'), stderr: home.read('err') }).toEqual({ code: '0\n', stderr: '' })
  })
})

test('input that a command does not read is no failure', async () => {
  const input = 'nobody reads this\n'.repeat(100_000)
  expect(await shell(makeHome(), 'ainative-code --version', input)).toMatchObject({ code: 0, stderr: '' })
  expect(await makeHome().runWith({ input }, 'help')).toMatchObject({ code: 0, stderr: '' })
})

test.skipIf(!fs.existsSync('/dev/full'))('a full disk behind standard output is named', async () => {
  const home = await filled()
  const full = fs.openSync('/dev/full', 'w')
  for (const argv of [['session', 'list'], ['session', 'export', '--all', '-o', '-'], ['--version'], ['help']]) {
    const child = spawn(process.execPath, [bin, ...argv], { cwd: home.dir, env: home.env, stdio: ['ignore', full, 'pipe'] })
    let stderr = ''
    child.stderr?.on('data', (data) => {
      stderr += data
    })
    const [code] = await once(child, 'close')
    expect({ argv, code }).toEqual({ argv, code: 1 })
    expect(stderr).toMatch(/disk is full/)
    expect(stderr).not.toMatch(/bug in ainative-code|^ {4}at /m)
  }
  fs.closeSync(full)
})

test.skipIf(!fs.existsSync('/dev/full'))('an export to a full device is named', async () => {
  const home = await filled()
  const { code, stderr } = await home.run('session', 'export', '--all', '-o', '/dev/full')
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: cannot write /dev/full: the disk is full\n' })
})

test('NO_COLOR and a pipe mean plain bytes', async () => {
  const home = await filled()
  for (const env of [{}, { NO_COLOR: '1', FORCE_COLOR: '3' }, { FORCE_COLOR: '0' }, { TERM: 'xterm-256color' }]) {
    for (const argv of [['session', 'list'], ['session', 'show', idOf(1)], ['help']]) {
      const { stdout } = await home.runWith({ env }, ...argv)
      expect(stdout).not.toContain('\x1b')
    }
  }
})
