import fs from 'node:fs'
import path from 'node:path'
import { codeOf } from '../kernel/problem.ts'

/** Creates a folder and its parents. Does not use `recursive: true`, because in Node 20 this option never returns for a path below /proc. */
export function makeFolder(folder: string, mode = 0o777): void {
  if (fs.existsSync(folder)) return
  const above = path.dirname(folder)
  if (above !== folder) makeFolder(above, mode)
  try {
    fs.mkdirSync(folder, { mode })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
