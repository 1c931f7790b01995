import fs from 'node:fs'
import { fileProblem, Problem, readLines } from 'ainative-code'

/**
 * Resolves the real path of a script, which identifies the script; a pipe, such as `<(…)` of bash, keeps its path. Throws a Problem if the
 * file is not readable.
 */
export function realPath(file: string): string {
  try {
    const kind = fs.statSync(file)
    if (kind.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    return kind.isFile() ? fs.realpathSync(file) : file
  } catch (error) {
    throw fileProblem(error, `the script ${file}`, 'read')
  }
}

/** Yields the lines of a script without a byte order mark. Throws a Problem for binary content. */
export async function* linesOf(input: Parameters<typeof readLines>[0], name: string): AsyncIterable<string> {
  let first = true
  for await (const line of readLines(input, name)) {
    if (line.includes('\0')) throw new Problem('script', `${name} is not a script: it contains NUL characters`)
    yield first ? line.replace(/^\ufeff/, '') : line
    first = false
  }
}
