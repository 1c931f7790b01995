import fs from 'node:fs'
import path from 'node:path'
import { Problem } from '../kernel/problem.ts'
import { resolveNewFile } from './new-file.ts'

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

/** Resolves where a file is written. A symbolic link stays a link: its target is written, and created where it is missing. */
export function resolveTarget(file: string): Target {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return { path: resolveNewFile(file), isStream: false }
  if (stat.isDirectory()) throw new Problem('file', `cannot write ${file}: it is a folder`)
  if (!stat.isFile() || DESCRIPTOR.test(path.resolve(file))) return { path: file, isStream: true }
  return { path: fs.realpathSync(file), mode: stat.mode & 0o777, isStream: false }
}
