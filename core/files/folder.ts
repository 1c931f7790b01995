import fs from 'node:fs'
import path from 'node:path'
import { codeOf } from '../kernel/problem.ts'

/** Creates a folder and its parents. Not with `recursive: true`, which never returns below /proc in Node 20. */
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
