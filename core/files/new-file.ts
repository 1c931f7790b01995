import fs from 'node:fs'
import path from 'node:path'
import { codeOf, Problem } from '../kernel/problem.ts'
import { makeFolder } from './folder.ts'

/**
 * Returns the path, without symbolic links, at which a file can be created, and creates its folder. For a symbolic link this is the path
 * that the link points to.
 */
export function resolveNewFile(file: string): string {
  const end = endOfLinks(file)
  makeFolder(path.dirname(end))
  return path.join(fs.realpathSync(path.dirname(end)), path.basename(end))
}

const MAX_LINKS = 40

/** Follows a symbolic link to a path that may not exist. Returns a path that is not a link. */
export function endOfLinks(file: string): string {
  let end = path.resolve(file)
  for (let links = 0; links <= MAX_LINKS; links++) {
    const next = readLink(end)
    if (next === undefined) return end
    end = path.resolve(fs.realpathSync(path.dirname(end)), next)
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
