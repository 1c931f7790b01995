import fs from 'node:fs'
import path from 'node:path'
import { expandHome } from 'ainative-code'

/** Where an export goes: standard output, one file for all sessions, or a file for each by a pattern with {id} or {title}. */
export type Place = { output: true } | { file: string } | { pattern: string }

export function placeOf(output: string | undefined, many: boolean, extension: string, env: NodeJS.ProcessEnv): Place {
  if (output === undefined) return many ? { file: `sessions${extension}` } : { pattern: `session-{id}${extension}` }
  const target = expandHome(output, env)
  if (isStandardOutput(target)) return { output: true }
  if (/\{(id|title)\}/.test(target)) return { pattern: target }
  if (target.endsWith('/') || isFolder(target)) return { pattern: path.join(target, `session-{id}${extension}`) }
  return { file: target }
}

/** True for the names of standard output. */
const isStandardOutput = (file: string) => /^(-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/.test(file)

function isFolder(file: string): boolean {
  try {
    return fs.statSync(file).isDirectory()
  } catch {
    // Writing the file says what is wrong with its name.
    return false
  }
}
