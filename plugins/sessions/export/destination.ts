import fs from 'node:fs'
import path from 'node:path'
import { expandHome, type Format, type Host, nearest, usage } from 'ainative-code'

/** The destination of an export: standard output, one file, or one file per session by a pattern with {id} or {title}. */
export type Destination = { output: true } | { file: string } | { pattern: string }

/** Resolves the destination from `--output`. `many` is true for several sessions; `extension` starts with a dot. */
export function destinationOf(output: string | undefined, many: boolean, extension: string, env: NodeJS.ProcessEnv): Destination {
  if (output === undefined) return many ? { file: `sessions${extension}` } : { pattern: `session-{id}${extension}` }
  const target = expandHome(output, env)
  if (isStandardOutput(target)) return { output: true }
  if (/\{(id|title)\}/.test(target)) return { pattern: target }
  if (target.endsWith('/') || isFolder(target)) return { pattern: path.join(target, `session-{id}${extension}`) }
  return { file: target }
}

/** The format for the ending of a file name, or JSON if the name has no ending. Throws a Problem for an unknown ending. */
export function formatByName({ formats, env }: Host, output: string | undefined): Format {
  const file = expandHome(output ?? '', env)
  const ending = isFolder(file) || file.endsWith('/') ? '' : path.extname(file).toLowerCase()
  if (ending === '') return formats().get('json')
  const all = formats().all()
  const format = all.find(({ extension }) => extension.toLowerCase() === ending) ?? formats().find(ending.slice(1))
  if (format) return format
  const close = nearest(
    ending,
    all.map(({ extension }) => extension),
  )
  throw usage(
    `no format has the ending ${JSON.stringify(ending)}; the formats are ${all.map(({ name, extension }) => `${name} (${extension})`).join(', ')}`,
    close ? `did you mean ${close}?` : 'set --format NAME to use any file name',
  )
}

/** True if a file is standard output. */
const isStandardOutput = (file: string) => /^(-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/.test(file)

function isFolder(file: string): boolean {
  try {
    return fs.statSync(file).isDirectory()
  } catch {
    // Writing the file reports the error.
    return false
  }
}
