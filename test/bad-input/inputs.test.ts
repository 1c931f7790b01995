import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bin, type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { hasOpen } from '../helpers/open-file.ts'
import { expectProblem } from '../helpers/problem.ts'
import { shell } from '../helpers/shell.ts'
import { until } from '../helpers/until.ts'

/** The commands that read a file, each up to the name of the file. */
const READERS: string[][] = [['run'], ['query', '-f'], ['session', 'import', '-i']]
/** A text that each of them accepts. */
const TEXT: Record<string, string> = { run: '1 + 1', query: '1 + 1', session: '[]' }

function withPipe(): Home {
  const home = makeHome()
  execFileSync('mkfifo', [home.path('pipe')])
  return home
}

/** Makes a socket at this path, which is there until the end of the test. */
async function listenAt(path: string): Promise<void> {
  const server = net.createServer().listen(path)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
}

const onLinux = fs.existsSync('/proc/self/fd')

describe('a named pipe', () => {
  describe.skipIf(!onLinux)('without a writer', () => {
    const cases = READERS.flatMap((argv) => (['SIGINT', 'SIGTERM'] as const).map((signal) => [argv.join(' '), signal, argv] as const))
    test.each(cases)('%s ends at %s', async (_, signal, argv) => {
      const home = withPipe()
      const child = startCli([...argv, 'pipe'], { cwd: home.dir, env: home.env })
      let stderr = ''
      child.stderr.on('data', (data) => {
        stderr += data
      })
      await until('the pipe', () => hasOpen(child.pid, fs.realpathSync(home.path('pipe'))))
      child.kill(signal)
      const [code] = await once(child, 'close')
      expect({ code, stderr }).toEqual({ code: signal === 'SIGINT' ? 130 : 143, stderr: '' })
    })
  })

  test.each(READERS)('%s reads what a writer sends later', async (...argv) => {
    const home = withPipe()
    const reading = home.run(...argv, 'pipe')
    spawn('sh', ['-c', 'printf %s "$0" > pipe', TEXT[argv[0] as string] as string], { cwd: home.dir })
    expect(await reading).toMatchObject({ code: 0, stderr: '' })
  })

  test.each(READERS)('of the shell, <(…), is read by %s', async (...argv) => {
    const home = makeHome()
    expect(await shell(home, `ainative-code ${argv.join(' ')} <(printf %s '${TEXT[argv[0] as string]}')`)).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
})

test.each([
  ['chat', '--provider', 'ollama', '-m', 'm', 'hi'],
  ['query', '-'],
  ['run', '-'],
  ['session', 'show', '-'],
  ['config', 'set', 'llm.openai.model', '--stdin'],
])('standard input that is not UTF-8 is refused: %s', async (...argv) => {
  const home = makeHome()
  for (const input of [Buffer.from('"caf\xe9"', 'latin1'), Buffer.from('"cut \xe2\x80', 'latin1')])
    expectProblem(await home.runWith({ input }, ...argv), 1, 'cannot read standard input: it is not UTF-8 text', 'hint: iconv')
  expect(await home.json('session', 'list', '--json')).toEqual([])
})

test('Ctrl-C ends a command that waits for standard input', async () => {
  const home = makeHome()
  for (const argv of [
    ['run', '-'],
    ['query', '-'],
    ['session', 'import', '-i', '-'],
    ['session', 'show', '-'],
  ]) {
    const child = startCli(argv, { cwd: home.dir, env: home.env })
    // More than a pipe holds: once all of it is written, the command is reading.
    child.stdin.on('error', () => undefined)
    await new Promise<void>((resolve) => child.stdin.write(' '.repeat(1 << 20), () => resolve()))
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect({ argv, code }).toEqual({ argv, code: 130 })
  }
})

describe('what is not a file that can be read is named', () => {
  const long = 'x'.repeat(260)
  const cases: [file: string, says: string][] = [
    ['nowhere', 'there is no such file'],
    ['folder', 'it is a folder'],
    ['file/inside', 'a part of its path is not a folder'],
    ['loop', 'its symbolic links form a loop'],
    [long, 'the name is too long'],
    ['socket', 'it is a socket'],
  ]
  const all = READERS.flatMap((argv) => cases.map(([file, says]) => [argv.join(' '), says, file, argv] as const))
  test.each(all)('%s: %s', async (_, says, file, argv) => {
    const home = makeHome()
    fs.mkdirSync(home.path('folder'))
    home.write('file', '')
    fs.symlinkSync('loop', home.path('loop'))
    if (file === 'socket') await listenAt(home.path(file))
    // The program names the file as it was typed; of the others, it is enough that the name ends with that.
    const result = argv[0] === 'session' ? home.run(...argv, file) : here(home).run(...argv, home.path(file))
    expectProblem(await result, 1, `${file}: ${says}`)
  })

  test.skipIf(!fs.existsSync('/dev/zero'))('a device without an end is read up to a limit', async () => {
    const home = makeHome()
    expectProblem(await home.run('run', '/dev/zero'), 1, 'line 1 of /dev/zero is longer than 16 MB')
    expectProblem(await home.run('query', '-f', '/dev/zero'), 1, '/dev/zero is longer than 64 MB')
    expect((await home.run('session', 'import', '-i', '/dev/zero')).code).toBe(1)
  })
})

describe('standard input without an end', () => {
  /** Runs with a program that writes as long as somebody reads. */
  const endless = (home: Home, source: string, ...argv: string[]) =>
    shell(home, `set +o pipefail; ${source} | "${process.execPath}" "${bin}" ${argv.join(' ')}`)

  test('of one line is read up to a limit', async () => {
    const home = makeHome()
    for (const argv of [[], ['run', '-'], ['session', 'show', '-']])
      expectProblem(await endless(home, `yes x | tr -d '\\n'`, ...argv), 1, 'line 1 of standard input is longer than 16 MB')
    expectProblem(await endless(home, 'yes x', 'query'), 1, 'standard input is longer than 64 MB')
  })

  test.each([
    ['a bracket', `(echo '['; yes '1,')`],
    ['a quote', `(echo 'session rename "'; yes text)`],
  ])('that never closes %s ends with the line where it begins', async (_, source) => {
    const result = await endless(makeHome(), source)
    expectProblem(result, 1, 'stdin:1: the command or expression that starts here is not complete', 'hint: close the quote or the bracket')
  })
})
