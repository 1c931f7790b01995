import fs from 'node:fs'
import path from 'node:path'
import { Problem } from '../kernel/problem.ts'
import { resolveNewFile } from './new-file.ts'

/** The target of an output file. */
export interface Target {
  /** The path without symbolic links. */
  path: string
  /** The permissions of the file that is replaced. */
  mode?: number
  /** True for a device, a pipe or an open file descriptor, which is written directly since it cannot be replaced. */
  isStream: boolean
}

const DESCRIPTOR = /^\/(dev\/(fd\/\d+|stdout|stderr)|proc\/(self|\d+)\/fd\/\d+)$/

/** Resolves the target of an output file. A symbolic link stays a link: the file that it points to is written or created. */
export function resolveTarget(file: string): Target {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return { path: resolveNewFile(file), isStream: false }
  if (stat.isDirectory()) throw new Problem('file', `cannot write ${file}: it is a folder`)
  if (!stat.isFile() || DESCRIPTOR.test(path.resolve(file))) return { path: file, isStream: true }
  return { path: fs.realpathSync(file), mode: stat.mode & 0o777, isStream: false }
}
