import fs from 'node:fs'
import path from 'node:path'
import { codeOf } from '../kernel/problem.ts'

/** Makes a folder and those above it. Level by level, since node 20's own recursive mkdir never ends below /proc. */
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
