import fs from 'node:fs'
import { codeOf, messageOf } from '../kernel/problem.ts'

/** True if a command line asks for the version. The version is written before the program loads anything else. */
export const asksVersion = ([word = '']: readonly string[]): boolean => /^(--version|-V|-v|version)$/.test(word)

/** Writes the version to standard output. */
export function writeVersion(version: string): void {
  try {
    fs.writeSync(1, `${version}\n`)
  } catch (error) {
    if (codeOf(error) === 'EPIPE') return
    process.exitCode = 1
    fs.writeSync(2, `error: cannot write the version: ${codeOf(error) === 'ENOSPC' ? 'the disk is full' : messageOf(error)}\n`)
  }
}
