import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { DRIVER } from '../../plugins/sqlite/driver.ts'

export const root = path.resolve(import.meta.dirname, '../..')
const bin = path.join(root, 'dist/bin.cjs')

/** What one child took: wall time in milliseconds, its output, and its peak memory in bytes where that was asked for. */
export interface Run {
  ms: number
  stdout: string
  peak?: number
}

/** Runs node with these words once, in an environment of its own below this folder; a failure ends the benchmark. */
export type Node = (words: string[], options?: { database?: string; home?: string; measurePeak?: boolean }) => Run

/** The environment holds nothing of the caller's: NODE_EXTRA_CA_CERTS and NODE_OPTIONS slow every start of node. */
export function nodeIn(folder: string, more: NodeJS.ProcessEnv = {}): Node {
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

/** The built program with these words. */
export const ours = (...words: string[]) => [bin, ...words]
/** One of the plain scripts beside this file. */
export const plain = (name: string, ...words: string[]) => [path.join(import.meta.dirname, `plain-${name}.cjs`), ...words]

/** The rounds after which no start of the program adds to its code cache any more. */
export const FULL_CACHE = 13

/** Runs all of them in turn, this many times, after `before` rounds that do not count; gives the runs of each. */
export function interleave<K extends string>(rounds: number, each: Record<K, () => Run>, before = 1): Record<K, Run[]> {
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

export const median = (runs: Run[]): number => middle(runs.map((run) => run.ms))
export const peakOf = (runs: Run[]): number => Math.max(...runs.map((run) => run.peak ?? 0))

export function middle(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}

/** Says what goes on, beside the table on stdout. */
export const say = (text: string) => process.stderr.write(`${text}\n`)

/** Two files of the same bytes; anything else ends the benchmark, since the two sides did not do the same work. */
export function checkSame(a: string, b: string): void {
  if (fs.statSync(a).size !== fs.statSync(b).size || spawnSync('cmp', [a, b]).status !== 0) throw new Error(`${a} and ${b} differ`)
}
