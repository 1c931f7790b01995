import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { cacheFolder, readCached, writeCached } from '../files/cache.ts'

/** A script whose V8 code cache is written at exit. */
interface CachedScript {
  script: vm.Script
  /** The path of its code cache. */
  cache: string
  /** The number of runs that have added functions to the cache. */
  runs: number
}

/** Node's function that runs a CommonJS file; Node's types do not declare it. */
interface ModulePrototype {
  _compile(this: NodeJS.Module, source: string, file: string): unknown
}

/**
 * Returns a loader for the files of the build below `root`. It skips Node's module resolution and uses V8's code cache of earlier starts
 * from the user's cache folder. The folder's name contains the hash of the build, because V8 accepts the cached code of any source with
 * the same length, and the limits of V8, because V8 refuses the code of a process with other limits. `require('ainative-code')` in a
 * plugin returns the same modules.
 */
export function loadBundle(root: string, build: string): (file: string) => unknown {
  const folder = cacheFolder(process.env, `${build}-${process.version}-${process.arch}${limitsSuffix()}`)
  const loaded = new Map<string, { exports: unknown }>()
  const fresh: CachedScript[] = []
  const load = (file: string): unknown => {
    const existing = loaded.get(file)
    if (existing) return existing.exports
    const created = { exports: {} }
    loaded.set(file, created)
    const directory = path.dirname(file)
    const local = Object.assign((id: string) => (id.startsWith('.') ? load(path.join(directory, id)) : require(id)), {
      resolve: require.resolve,
    })
    compile(file, folder && path.join(folder, path.basename(file)), fresh).call(
      created.exports,
      created.exports,
      local,
      created,
      file,
      directory,
    )
    return created.exports
  }
  // Not imported from node:module, which also loads the code for source maps.
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

/** Flags that set limits of V8: `--max-old-space-size=4096`, `--stack-size=2000`. */
const V8_LIMIT = /--(?:max|min|initial|stack)[-_][\w-]+(?:=\d+)?/g

/** Tells apart the caches of processes with different limits, such as a worker's. Empty without limits. */
const limitsSuffix = () => `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`.match(V8_LIMIT)?.join('') ?? ''

/** The number of runs that extend a code cache. Each of these runs adds the functions that it was the first to call. */
const CACHED_RUNS = 12

const HEAD = '(function (exports, require, module, __filename, __dirname) {'

/** Compiles a file of the build with its code cache. */
function compile(file: string, cache: string | undefined, fresh: CachedScript[]): (...args: unknown[]) => void {
  const source = `${HEAD}${fs.readFileSync(file, 'utf8')}\n})`
  const cached = cache ? readCached(cache) : undefined
  const script = new vm.Script(source, { filename: file, columnOffset: -HEAD.length, cachedData: cached?.subarray(0, -1) })
  const runs = script.cachedDataRejected ? 0 : (cached?.at(-1) ?? 0)
  if (cache && runs < CACHED_RUNS) fresh.push({ script, cache, runs })
  return script.runInThisContext()
}

/** Writes the code cache, and the number of runs as its last byte. */
const writeCache = ({ script, cache, runs }: CachedScript) =>
  writeCached(cache, Buffer.concat([script.createCachedData(), Buffer.of(runs + 1)]))
