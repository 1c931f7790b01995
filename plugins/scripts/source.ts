import fs from 'node:fs'
import { fileProblem, Problem, readLines } from 'ainative-code'

/** The real path of a script, by which it is known however it is named. A pipe, such as the shell's `<(…)`, has no other path. */
export function realPath(file: string): string {
  try {
    const kind = fs.statSync(file)
    if (kind.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    return kind.isFile() ? fs.realpathSync(file) : file
  } catch (error) {
    throw fileProblem(error, `the script ${file}`, 'read')
  }
}

/** The lines of a script, without a mark of UTF-8. */
export async function* linesOf(input: Parameters<typeof readLines>[0], name: string): AsyncIterable<string> {
  let first = true
  for await (const line of readLines(input, name)) {
    if (line.includes('\0')) throw new Problem('script', `${name} is not a script: it holds NUL characters`)
    yield first ? line.replace(/^\ufeff/, '') : line
    first = false
  }
}
