import { createRequire } from 'node:module'
import path from 'node:path'
import * as esbuild from 'esbuild'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { messageOf, Problem } from '../kernel/problem.ts'

/** esbuild's loader for each file extension. Other files cannot be imported, because esbuild would read them without a check. */
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
  // An empty tsconfig, so that no tsconfig.json of the project changes the result.
  tsconfigRaw: {},
} satisfies esbuild.BuildOptions

/** Removes a byte order mark, and makes a `#!` line a comment. */
export const sourceOf = (text: string) => withoutMark(text).replace(/^#!/, '//')

/** Reads a source and passes its text to `load`. A failure names the file. */
export function loadSource(file: string, load: (text: string) => esbuild.OnLoadResult): esbuild.OnLoadResult {
  try {
    return load(readRegular(file))
  } catch (error) {
    return { errors: [{ text: `cannot read ${file}: ${messageOf(error)}` }] }
  }
}

let running = 0

/** Bundles a file and returns the code. The plugins in `options` decide which imports stay external. */
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
    // esbuild's process would otherwise live as long as this one, and receive the terminal's signals.
    if (running === 0) await esbuild.stop()
  }
}

/** True for an import of a package; false for a file or a `#` import of the own package. */
export const isBare = (id: string) => !/^(\.\.?(\/|$)|\/|#)/.test(id)

/** Returns the file of a package as Node resolves it from the importing file; undefined if there is none. */
export function resolvePackage(id: string, importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(id)
  } catch {
    return undefined
  }
}

/** Returns the messages of a failed build. */
export const failuresOf = (error: unknown): esbuild.Message[] => (error as Partial<esbuild.BuildFailure>).errors ?? []

/** Converts a failed build to a Problem with its first message. */
export function problemOf(error: unknown): Problem {
  const [first] = failuresOf(error)
  if (!first) return new Problem('module', `compilation failed: ${messageOf(error)}`, { cause: error })
  const { location, text } = first
  const where = location ? `line ${location.line} of ${location.file}: ` : ''
  return new Problem('module', `${where}${text}`, { cause: error })
}
