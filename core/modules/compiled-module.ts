import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder, readCached, writeCached } from '../files/cache.ts'
import { readRegular } from '../files/regular-file.ts'
import type { ImportPath } from './import-paths.ts'

/** A module compiled with its local imports. */
export interface CompiledModule {
  file: string
  /** True if the code includes packages too. */
  whole: boolean
  /** The source files and their texts. */
  inputs: [file: string, text: string][]
  /** The symbolic links that imports follow, and the files of packages that the code imports by their path. */
  paths: ImportPath[]
  format: 'cjs' | 'esm'
  code: string
}

/** The version of the compiled form; a change of the compiler increments it. */
const VERSION = 4

/** Returns the cached module, if none of its source files has changed and each import still leads to the same file. */
export function readCompiled(file: string, whole: boolean, env: NodeJS.ProcessEnv): CompiledModule | undefined {
  const cache = cacheFile(file, whole, env)
  const cached = cache ? readCached(cache) : undefined
  if (!cached) return undefined
  try {
    const compiled: CompiledModule = JSON.parse(cached.toString())
    if (compiled.file !== file || compiled.whole !== whole || compiled.inputs.length === 0) return undefined
    const isCurrent =
      compiled.inputs.every(([input, text]) => readRegular(input) === text) &&
      compiled.paths.every(([file, real]) => fs.realpathSync(file) === real)
    return isCurrent ? compiled : undefined
  } catch {
    return undefined
  }
}

/** Caches a module for the next start. */
export function writeCompiled(compiled: CompiledModule, env: NodeJS.ProcessEnv): void {
  const cache = cacheFile(compiled.file, compiled.whole, env)
  if (cache) writeCached(cache, JSON.stringify(compiled))
}

function cacheFile(file: string, whole: boolean, env: NodeJS.ProcessEnv): string | undefined {
  const folder = cacheFolder(env, `modules-${VERSION}`)
  return folder && path.join(folder, `${path.basename(file).slice(0, 80)}-${shortHash(file)}${whole ? '-whole' : ''}.json`)
}

/** Hashes a path for a file name. A collision is only a cache miss, because the cached module contains its path. node:crypto takes 2 ms to load. */
function shortHash(text: string): string {
  let hash = 0n
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n + 1n)
  return hash.toString(36)
}
