import fs from 'node:fs'
import { Readable } from 'node:stream'
import shipped from '../../ainative.config.ts'
import { exitCodeOf, reportOf } from '../../core/command/report.ts'
import { runCommand } from '../../core/command/run-line.ts'
import { readLayers } from '../../core/config/layers.ts'
import type { LoadedConfig } from '../../core/contract/host.ts'
import type { Io, Plugin } from '../../core/index.ts'
import { createHost } from '../../core/loading/host.ts'
import type { Home, Result } from './cli.ts'
import { USER_CONFIG } from './plugins.ts'

/**
 * Runs a command in this process, on the database of a home and with its config, but without external plugins. This takes a tenth of the
 * time of a process. Use `runHere` to prepare a test, to read results, and for large tables of cases; otherwise run the built program.
 */
export async function runHere({ env, path }: Pick<Home, 'env' | 'path'>, ...argv: string[]): Promise<Result> {
  const host = createHost(await configOf(path(USER_CONFIG), env), env)
  for (const plugin of shipped.plugins as Plugin[]) plugin.apply(host, {} as never)
  const result: Result = { code: 0, stdout: '', stderr: '' }
  const io: Io = {
    stdin: () => Readable.from([]),
    view: { width: Number.POSITIVE_INFINITY, color: false, interactive: false, ascii: false },
    interactive: false,
    signal: new AbortController().signal,
    fail() {
      result.code = 1
    },
    async write(chunk) {
      result.stdout += chunk
    },
    note(text) {
      result.stderr += `${text}\n`
    },
    progress: () => undefined,
    ask: async () => false,
  }
  try {
    await runCommand(host, argv, io)
  } catch (error) {
    result.code = exitCodeOf(error)
    result.stderr += reportOf(error, argv.includes('--debug'))
  }
  await host.close()
  return result
}

async function configOf(user: string, env: NodeJS.ProcessEnv): Promise<LoadedConfig> {
  if (!fs.existsSync(user)) return { values: {}, files: [], layers: [], defaults: {}, problems: [] }
  const { plugins: _, ...layers } = await readLayers({ user }, env, {
    note: () => undefined,
    fail(problem) {
      throw problem
    },
  })
  return { ...layers, problems: [] }
}

/** Runs a command that must succeed in this process, and returns its standard output. */
export async function okHere(home: Pick<Home, 'env' | 'path'>, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(home, ...argv)
  if (code !== 0) throw new Error(`ainative-code ${argv.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** Runs work with this folder as the working folder of this process, for command lines that name files. */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return await work()
  } finally {
    process.chdir(before)
  }
}
