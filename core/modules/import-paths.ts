import fs from 'node:fs'
import path from 'node:path'
import { isBare, LOADERS } from './bundler.ts'

/** A path that an import follows, and the file or folder that it leads to. */
export type ImportPath = [path: string, real: string]

/** Returns the paths to which an import of `id` in a file of `folder` may refer, if they are symbolic links or contain one. */
export function linkedPaths(id: string, folder: string): ImportPath[] {
  const candidates = isBare(id) ? packageFolders(id, folder) : filesOf(path.resolve(folder, id))
  return candidates.map(realPathOf).filter(([file, real]) => real !== undefined && real !== file) as ImportPath[]
}

/** The files that an import without an extension, of a folder, or of a compiled name (`.js` for `.ts`) may mean. */
function filesOf(file: string): string[] {
  const stems = [file, path.join(file, 'index'), file.replace(/\.[cm]?jsx?$/, '')]
  return [...new Set([file, ...stems.flatMap((stem) => Object.keys(LOADERS).map((extension) => stem + extension))])]
}

/** The folders where Node looks for a package, from the importing folder upward. */
function packageFolders(id: string, folder: string): string[] {
  const name = id.split('/', id.startsWith('@') ? 2 : 1).join('/')
  const parent = path.dirname(folder)
  return [path.join(folder, 'node_modules', name), ...(parent === folder ? [] : packageFolders(id, parent))]
}

function realPathOf(file: string): [file: string, real: string | undefined] {
  try {
    return [file, fs.realpathSync(file)]
  } catch {
    return [file, undefined]
  }
}
