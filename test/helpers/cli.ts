import { type ExecFileException, execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { okHere, runHere } from './here.ts'
import { mayLeave } from './stdin.ts'
import { until } from './until.ts'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const bin = path.join(root, 'dist/bin.cjs')
/** Public data beside the repo; tests that want it skip with a notice where it is missing. */
export const shared = path.resolve(root, '../shared')

export interface Result {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  input?: string | Buffer
  cwd?: string
  env?: NodeJS.ProcessEnv
}

/** A person's home of its own for one test: runs the built program in it. */
export interface Home {
  dir: string
  /** Files of this test. */
  path(...names: string[]): string
  write(name: string, text: string | Buffer): string
  read(name: string): string
  env: NodeJS.ProcessEnv
  run(...argv: string[]): Promise<Result>
  runWith(options: RunOptions, ...argv: string[]): Promise<Result>
  /** Standard output of a command that must succeed. */
  ok(...argv: string[]): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape that it asked for
  json<T = any>(...argv: string[]): Promise<T>
  /** Makes a session in this process, gives its id. */
  create(...flags: string[]): Promise<string>
}

export function makeHome(extra: NodeJS.ProcessEnv = {}): Home {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-'))
  onTestFinished(() => removeHome(dir))
  return homeAt(dir, extra)
}

/** A process that was stopped a moment ago may still write its compile cache into the folder while that is being removed. */
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

/** Compiled code for the homes of all tests: a cache of its own would double the time of most. A test about it sets `OWN_CACHE`. */
const CACHE = path.join(root, 'node_modules/.cache')
export const OWN_CACHE = { XDG_CACHE_HOME: '' }

/** A home that outlives one test; the caller removes it with `removeHome`. */
export function homeAt(dir: string, extra: NodeJS.ProcessEnv = {}): Home {
  // A test must not reach the keyring of the person who runs it.
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

/** The same home, whose `run`, `ok` and `json` need no process: for tables of what a command computes. */
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

/** A started program, for tests that stop or kill it; it ends with the test at the latest. */
export function startCli(argv: string[], { cwd, env }: RunOptions) {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  mayLeave(child.stdin)
  return child
}

/** Ids and times as fixed words, so that two runs can be compared. */
export const steady = (text: string) =>
  text
    .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z\b/g, '<time>')
    .replace(/\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?\b/g, '<time>')
    // Where an id stands, since one in fifty has no digit that would tell it from a word.
    .replace(/(\b(?:session|as|Forked|Tagged|Untagged|of|Deleted|Restored|Archived) |"id": "|^|,)[0-9a-z]{12}(?=\b)/gm, '$1<id>')
