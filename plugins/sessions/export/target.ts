import fs from 'node:fs'
import path from 'node:path'
import { codeOf, makeFolder, Problem } from 'ainative-code'

/** Where an export is written. */
export interface Target {
  /** The path without symbolic links. */
  path: string
  /** The permissions of the file that is replaced. */
  mode?: number
  /** A device, a pipe or an open file descriptor: written directly, since it cannot be replaced. */
  isStream: boolean
}

const DESCRIPTOR = /^\/(dev\/(fd\/\d+|stdout|stderr)|proc\/(self|\d+)\/fd\/\d+)$/

/** True for the names of standard output. */
export const isStandardOutput = (file: string) => /^(-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/.test(file)

/** Resolves where a file is written. A symbolic link stays a link: its target is written, and created where it is missing. */
export function resolveTarget(file: string): Target {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) {
    const end = endOfLinks(file)
    makeFolder(path.dirname(end))
    return { path: path.join(fs.realpathSync(path.dirname(end)), path.basename(end)), isStream: false }
  }
  if (stat.isDirectory()) throw new Problem('is-folder', `cannot write ${file}: it is a folder`)
  if (!stat.isFile() || DESCRIPTOR.test(path.resolve(file))) return { path: file, isStream: true }
  return { path: fs.realpathSync(file), mode: stat.mode & 0o777, isStream: false }
}

const MAX_LINKS = 40

/** Follows a symbolic link to the missing file that it names; a file that is no link is its own end. */
function endOfLinks(file: string): string {
  let end = path.resolve(file)
  for (let links = 0; links <= MAX_LINKS; links++) {
    const next = readLink(end)
    if (next === undefined) return end
    end = path.resolve(path.dirname(end), next)
  }
  throw new Problem('file', `cannot write ${file}: its symbolic links form a loop`)
}

function readLink(file: string): string | undefined {
  try {
    return fs.readlinkSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EINVAL') return undefined
    throw error
  }
}
