import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from './folder.ts'

const KEPT = 5000

/** The shell's lines, oldest first; appended to, so that two shells do not overwrite each other. */
export function openHistory(folder: string): { lines: string[]; add(line: string): void } {
  const file = path.join(folder, 'history')
  return {
    lines: readLines(file).slice(-KEPT),
    add(line) {
      try {
        makeFolder(folder, 0o700)
        fs.appendFileSync(file, `${line.replaceAll('\n', ' ')}\n`, { mode: 0o600 })
      } catch {
        // A shell without history is better than none.
      }
    },
  }
}

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
