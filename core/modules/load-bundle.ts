import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { cacheFolder, readCached, writeCached } from '../files/cache.ts'

interface Compiled {
  script: vm.Script
  cache: string
  /** How many runs its compiled code comes from. */
  runs: number
}

/** Node's own way to run a CommonJS file; it is not in its types. */
interface ModulePrototype {
  _compile(this: NodeJS.Module, source: string, file: string): unknown
}

/**
 * Loads the files of the build below `root`: without node's search for each of them, and with V8's compiled code of the last start,
 * which is kept in the user's own cache folder. The folder's name holds the build's hash, since V8 accepts the code of another source
 * of the same length. A plugin's `require('ainative-code')` gets the same modules.
 */
export function loadBundle(root: string, build: string): (file: string) => unknown {
  const folder = cacheFolder(process.env, `${build}-${process.version}-${process.arch}`)
  const loaded = new Map<string, { exports: unknown }>()
  const fresh: Compiled[] = []
  const load = (file: string): unknown => {
    const known = loaded.get(file)
    if (known) return known.exports
    const own = { exports: {} }
    loaded.set(file, own)
    const folderOf = path.dirname(file)
    const local = Object.assign((id: string) => (id.startsWith('.') ? load(path.join(folderOf, id)) : require(id)), {
      resolve: require.resolve,
    })
    compile(file, folder && path.join(folder, path.basename(file)), fresh).call(own.exports, own.exports, local, own, file, folderOf)
    return own.exports
  }
  // Not from node:module, which loads source maps and more.
  const { prototype } = module.constructor as unknown as { prototype: ModulePrototype }
  const compileOther = prototype._compile
  prototype._compile = function (source, file) {
    if (!file.startsWith(root + path.sep)) return compileOther.call(this, source, file)
    this.exports = load(file)
    return undefined
  }
  process.once('exit', () => fresh.forEach(writeCache))
  return load
}

/** Each run adds the functions that it was the first to need; after so many they are all there. */
const LEARNED_RUNS = 12

const HEAD = '(function (exports, require, module, __filename, __dirname) {'

function compile(file: string, cache: string | undefined, fresh: Compiled[]): (...args: unknown[]) => void {
  const source = `${HEAD}${fs.readFileSync(file, 'utf8')}\n})`
  const kept = cache ? readCached(cache) : undefined
  const script = new vm.Script(source, { filename: file, columnOffset: -HEAD.length, cachedData: kept?.subarray(0, -1) })
  const runs = script.cachedDataRejected ? 0 : (kept?.at(-1) ?? 0)
  if (cache && runs < LEARNED_RUNS) fresh.push({ script, cache, runs })
  return script.runInThisContext()
}

/** Writes V8's code and, in a last byte, the count of runs. */
const writeCache = ({ script, cache, runs }: Compiled) =>
  writeCached(cache, Buffer.concat([script.createCachedData(), Buffer.of(runs + 1)]))
