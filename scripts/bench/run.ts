import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { DRIVER } from '../../plugins/sqlite/driver.ts'

/** The folder of the project. */
export const root = path.resolve(import.meta.dirname, '../..')
const bin = path.join(root, 'dist/bin.cjs')

/** A run of a child process: the wall time in milliseconds, the output, and with `measurePeak` the peak memory in bytes. */
export interface Run {
  ms: number
  stdout: string
  peak?: number
}

/** Runs Node once with these arguments. Throws if the process fails. */
export type RunNode = (words: string[], options?: { database?: string; home?: string; measurePeak?: boolean }) => Run

/**
 * Creates a function that runs Node with its own home folder and environment. The environment of the caller is not passed on, because
 * NODE_EXTRA_CA_CERTS and NODE_OPTIONS slow every start of Node.
 */
export function createRunNode(folder: string, more: NodeJS.ProcessEnv = {}): RunNode {
  const peakFile = path.join(folder, 'peak')
  const own = { PATH: process.env.PATH, HOME: folder, TZ: 'UTC', LANG: 'C.UTF-8', PEAK_FILE: peakFile, SQLITE_DRIVER: DRIVER, ...more }
  return (words, { database, home = folder, measurePeak = false } = {}) => {
    const env = { ...own, HOME: home, ...(database !== undefined && { AINATIVE_DB_PATH: database }) }
    const argv = measurePeak ? ['-r', path.join(import.meta.dirname, 'peak.cjs'), ...words] : words
    const start = process.hrtime.bigint()
    const child = spawnSync(process.execPath, argv, { cwd: home, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    const ms = Number(process.hrtime.bigint() - start) / 1e6
    if (child.status !== 0) throw new Error(`node ${words.join(' ')} ended with ${child.status ?? child.signal}: ${child.stderr}`)
    return { ms, stdout: child.stdout, ...(measurePeak && { peak: Number(fs.readFileSync(peakFile, 'utf8')) }) }
  }
}

/** Returns the arguments of Node that run the built program with these words. */
export const program = (...words: string[]) => [bin, ...words]

/** Returns the arguments of Node that run one of the plain scripts beside this file. */
export const plainScript = (name: string, ...words: string[]) => [path.join(import.meta.dirname, `plain-${name}.cjs`), ...words]

/** The number of rounds after which starts of the program no longer add to its code cache. */
export const FULL_CACHE = 13

/** Runs all functions in turn, for `rounds` rounds after `before` rounds that do not count. Returns the runs of each function. */
export function runInTurn<K extends string>(rounds: number, each: Record<K, () => Run>, before = 1): Record<K, Run[]> {
  const names = Object.keys(each) as K[]
  const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<K, Run[]>
  for (let round = 0; round < before + rounds; round++) {
    for (const name of names) {
      const run = each[name]()
      if (round >= before) runs[name].push(run)
    }
  }
  return runs
}

/** Returns the median of the wall times in milliseconds. */
export const median = (runs: Run[]): number => medianOfNumbers(runs.map((run) => run.ms))

/** Returns the largest peak memory in bytes. */
export const peakOf = (runs: Run[]): number => Math.max(...runs.map((run) => run.peak ?? 0))

/** Returns the median of numbers. */
export function medianOfNumbers(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}

/** Writes the current step to standard error; the table goes to standard output. */
export const logProgress = (text: string) => process.stderr.write(`${text}\n`)

/** Throws if two files differ, because the program and the reference then did not do the same work. */
export function checkSame(a: string, b: string): void {
  if (fs.statSync(a).size !== fs.statSync(b).size || spawnSync('cmp', [a, b]).status !== 0) throw new Error(`${a} and ${b} differ`)
}
