import path from 'node:path'
import { cacheFolder, readCached, writeCached } from '../files/cache.ts'
import { readRegular } from '../files/regular-file.ts'

/** One file with all that it imports locally, in the form that is run. */
export interface Compiled {
  file: string
  /** Whether packages are part of it too. */
  whole: boolean
  /** Each file that went into it, with its text. */
  inputs: [file: string, text: string][]
  format: 'cjs' | 'esm'
  code: string
}

/** Changes whenever the compiled form does. */
const VERSION = 3

/** The compiled form that was kept, if none of its files has changed since. */
export function readCompiled(file: string, whole: boolean, env: NodeJS.ProcessEnv): Compiled | undefined {
  const place = placeOf(file, whole, env)
  const kept = place ? readCached(place) : undefined
  if (!kept) return undefined
  try {
    const compiled: Compiled = JSON.parse(kept.toString())
    if (compiled.file !== file || compiled.whole !== whole || compiled.inputs.length === 0) return undefined
    return compiled.inputs.every(([input, text]) => readRegular(input) === text) ? compiled : undefined
  } catch {
    return undefined
  }
}

/** Keeps a compiled form for the next start. */
export function writeCompiled(compiled: Compiled, env: NodeJS.ProcessEnv): void {
  const place = placeOf(compiled.file, compiled.whole, env)
  if (place) writeCached(place, JSON.stringify(compiled))
}

function placeOf(file: string, whole: boolean, env: NodeJS.ProcessEnv): string | undefined {
  const folder = cacheFolder(env, `modules-${VERSION}`)
  return folder && path.join(folder, `${path.basename(file).slice(0, 80)}-${shortHash(file)}${whole ? '-whole' : ''}.json`)
}

/** Tells files of one name apart. The kept form names its file, so a collision is only a miss; node:crypto takes 2 ms to load. */
function shortHash(text: string): string {
  let hash = 0n
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n + 1n)
  return hash.toString(36)
}
