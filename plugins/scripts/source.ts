import fs from 'node:fs'
import fsp from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { codeOf, messageOf, Problem, readLines } from 'ainative-code'

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
  ENOTDIR: 'there is no such file',
  ELOOP: 'its links lead in a circle',
}

const unreadable = (file: string, error: unknown) =>
  new Problem('script', `cannot read the script ${file}: ${REASONS[codeOf(error) ?? ''] ?? messageOf(error)}`, { cause: error })

/** Where a script really lies, so that it is known however it is named. */
export async function realPath(file: string): Promise<string> {
  try {
    const real = await fsp.realpath(file)
    if ((await fsp.stat(real)).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    return real
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** The lines of a script, from a file or from standard input. */
export async function* linesOf(source: string | Readable): AsyncIterable<string> {
  const name = typeof source === 'string' ? source : 'standard input'
  let first = true
  try {
    for await (const line of readLines(typeof source === 'string' ? fs.createReadStream(source) : source)) {
      if (line.includes('\0')) throw new Problem('script', `${name} is no script: it holds bytes that are no text`)
      yield first ? line.replace(/^\ufeff/, '') : line
      first = false
    }
  } catch (error) {
    throw error instanceof Problem ? error : unreadable(name, error)
  }
}
