import { type ExecFileException, execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { okHere, runHere } from './here.ts'
import { mayLeave } from './stdin.ts'
import { until } from './until.ts'

/** The folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
/** The built program. */
export const bin = path.join(root, 'dist/bin.cjs')
/** The folder of public data beside the repository. Tests that need missing data are skipped with a notice. */
export const shared = path.resolve(root, '../shared')

/** The result of a command. */
export interface Result {
  code: number
  stdout: string
  stderr: string
}

/** The options of a run. `input` is the text of standard input. */
export interface RunOptions {
  input?: string | Buffer
  cwd?: string
  env?: NodeJS.ProcessEnv
}

/** A home folder for one test, and functions that run the built program with this home. */
export interface Home {
  dir: string
  /** Returns the path of a file in the home. */
  path(...names: string[]): string
  /** Writes a file, and returns its path. */
  write(name: string, text: string | Buffer): string
  read(name: string): string
  env: NodeJS.ProcessEnv
  /** Runs the program as a process. */
  run(...argv: string[]): Promise<Result>
  runWith(options: RunOptions, ...argv: string[]): Promise<Result>
  /** Runs a command that must succeed, and returns its standard output. */
  ok(...argv: string[]): Promise<string>
  /** Runs a command that must succeed, and parses its standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the type of the result
  json<T = any>(...argv: string[]): Promise<T>
  /** Creates a session in this process, and returns its id. */
  create(...flags: string[]): Promise<string>
}

/** Creates a home, which is removed at the end of the test. */
export function makeHome(extra: NodeJS.ProcessEnv = {}): Home {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-'))
  onTestFinished(() => removeHome(dir))
  return homeAt(dir, extra)
}

/** Removes the folder of a home. Retries, because a process that was just stopped may still write its compile cache into the folder. */
export async function removeHome(dir: string): Promise<void> {
  await until(`the removal of ${dir}`, () => {
    try {
      fs.rmSync(dir, { recursive: true, force: true })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false
      throw error
    }
  })
}

/** The compile cache that the homes of all tests share. A separate cache for each home would double the time of most tests. */
const CACHE = path.join(root, 'node_modules/.cache')
/** The environment of a test of the compile cache: each home has a separate cache. */
export const OWN_CACHE = { XDG_CACHE_HOME: '' }

/** Returns a home for several tests. The caller removes it with `removeHome`. */
export function homeAt(dir: string, extra: NodeJS.ProcessEnv = {}): Home {
  // A test must not use the keyring of the person who runs the tests.
  const env = { PATH: process.env.PATH, HOME: dir, TZ: 'UTC', LANG: 'C.UTF-8', XDG_CACHE_HOME: CACHE, AINATIVE_NO_KEYRING: '1', ...extra }
  const runWith = (options: RunOptions, ...argv: string[]) => runCli(argv, { cwd: dir, ...options, env: { ...env, ...options.env } })
  const run = (...argv: string[]) => runWith({}, ...argv)
  const ok = async (...argv: string[]) => {
    const { code, stdout, stderr } = await run(...argv)
    if (code !== 0) throw new Error(`ainative-code ${argv.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }
  const home: Home = {
    dir,
    env,
    run,
    runWith,
    ok,
    path: (...names) => path.join(dir, ...names),
    write(name, text) {
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.writeFileSync(path.join(dir, name), text)
      return path.join(dir, name)
    },
    read: (name) => fs.readFileSync(path.join(dir, name), 'utf8'),
    json: async (...argv) => JSON.parse(await ok(...argv)),
    create: async (...flags) => JSON.parse(await okHere(home, 'session', 'create', ...flags, '--json')).id,
  }
  return home
}

/** Returns the home with a `run`, `ok` and `json` that use this process: fast enough for large tables of cases. */
export const here = (home: Home): Home => ({
  ...home,
  run: (...argv) => runHere(home, ...argv),
  ok: (...argv) => okHere(home, ...argv),
  json: async (...argv) => JSON.parse(await okHere(home, ...argv)),
})

/** Spawns the built program. */
export function runCli(argv: string[], { input, cwd, env }: RunOptions): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bin, ...argv],
      { cwd, env, maxBuffer: 1 << 30 },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr })
      },
    )
    mayLeave(child.stdin)
    child.stdin?.end(input ?? '')
  })
}

/** Starts the built program, for tests that stop or kill it. The process is killed at the end of the test. */
export function startCli(argv: string[], { cwd, env }: RunOptions) {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  mayLeave(child.stdin)
  return child
}

/** Replaces ids and times with fixed words, so that the outputs of two runs can be compared. */
export const steady = (text: string) =>
  text
    .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z\b/g, '<time>')
    .replace(/\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?\b/g, '<time>')
    // By position, because one id in fifty has no digit, and looks like a word.
    .replace(/(\b(?:session|as|Forked|Tagged|Untagged|of|Deleted|Restored|Archived) |"id": "|^|,)[0-9a-z]{12}(?=\b)/gm, '$1<id>')
