import { createRequire } from 'node:module'
import path from 'node:path'
import * as esbuild from 'esbuild'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { messageOf, Problem } from '../kernel/problem.ts'

/** The kinds of source by the extension of their names. Anything else cannot be imported: esbuild would read it by itself. */
export const LOADERS: Record<string, esbuild.Loader> = {
  ...{ '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.json': 'json' },
  ...{ '.txt': 'text', '': 'js' },
}

const COMMON = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  sourcesContent: false,
  logLevel: 'silent',
  // Neither a tsconfig.json nearby nor another one there later may change what comes out.
  tsconfigRaw: {},
} satisfies esbuild.BuildOptions

/** A text as source code: without a mark of UTF-8, and with a `#!` line as a comment. */
export const sourceOf = (text: string) => withoutMark(text).replace(/^#!/, '//')

/** Loads a source by `load`, which gets its text; a failure names the source. */
export function loadSource(file: string, load: (text: string) => esbuild.OnLoadResult): esbuild.OnLoadResult {
  try {
    return load(readRegular(file))
  } catch (error) {
    return { errors: [{ text: `cannot read ${file}: ${messageOf(error)}` }] }
  }
}

let running = 0

/** Bundles a file with all that the plugins do not keep outside. */
export async function bundle(file: string, options: esbuild.BuildOptions): Promise<string> {
  running++
  try {
    const { outputFiles } = await esbuild.build({
      ...COMMON,
      ...options,
      write: false,
      entryPoints: [file],
      absWorkingDir: path.dirname(file),
    })
    return outputFiles[0]?.text ?? ''
  } finally {
    running--
    // Its process would stay as long as the shell, and get the terminal's signals.
    if (running === 0) await esbuild.stop()
  }
}

/** Whether an import names a package, and not a file or a `#` name of its own package. */
export const isBare = (id: string) => !/^(\.\.?(\/|$)|\/|#)/.test(id)

/** The file of a package, as node finds it from the file that imports it. */
export function locate(id: string, importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(id)
  } catch {
    return undefined
  }
}

/** What esbuild has to say against a file. */
export const failuresOf = (error: unknown): esbuild.Message[] => (error as Partial<esbuild.BuildFailure>).errors ?? []

/** Its first complaint, in one line. */
export function problemOf(error: unknown): Problem {
  const [first] = failuresOf(error)
  if (!first) return new Problem('module', `it cannot be compiled: ${messageOf(error)}`, { cause: error })
  const { location, text } = first
  const where = location ? `line ${location.line} of ${location.file}: ` : ''
  return new Problem('module', `${where}${text}`, { cause: error })
}
