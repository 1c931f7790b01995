import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

interface Compiled {
  script: vm.Script
  file: string
}

/** Node's own way to run a CommonJS file; it is not in its types. */
interface Prototype {
  require(this: NodeJS.Module, id: string): unknown
  _compile(this: NodeJS.Module, source: string, file: string): unknown
}

/**
 * Keeps V8's compiled code of the files below `root` in the user's own cache folder and uses it at the next start. The folder's name
 * holds the build's hash: V8 accepts the code of another source of the same length.
 */
export function useCodeCache(root: string, build: string): void {
  const folder = cacheFolder(`${build}-${process.version}-${process.arch}`)
  if (!folder) return
  // Not from node:module, which loads source maps and more.
  const { prototype, wrap, _resolveFilename } = module.constructor as unknown as {
    prototype: Prototype
    wrap(source: string): string
    _resolveFilename(id: string, from: NodeJS.Module): string
  }
  const compile = prototype._compile
  const fresh: Compiled[] = []
  prototype._compile = function (source, file) {
    if (!file.startsWith(root)) return compile.call(this, source, file)
    const cache = path.join(folder, file.slice(root.length + 1).replaceAll(path.sep, '-'))
    const cachedData = readCache(cache)
    const script = new vm.Script(wrap(source.replace(/^#!/, '//')), { filename: file, cachedData })
    if (!cachedData || script.cachedDataRejected) fresh.push({ script, file: cache })
    const require = Object.assign((id: string) => prototype.require.call(this, id), { resolve: (id: string) => _resolveFilename(id, this) })
    return script.runInThisContext().call(this.exports, this.exports, require, this, file, path.dirname(file))
  }
  process.once('exit', () => fresh.forEach(writeCache))
}

function readCache(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

/** The cache is only ever a help: where it cannot be written there is none. */
function writeCache({ script, file }: Compiled): void {
  const temporary = `${file}.${process.pid}`
  try {
    fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 })
    fs.renameSync(temporary, file)
  } catch {
    fs.rmSync(temporary, { force: true })
  }
}

const KEPT_MS = 14 * 86_400_000

/** Other builds may be in use beside this one; what has not been for two weeks goes. */
function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const old = path.join(folder, name)
    if (Date.now() - fs.statSync(old).mtimeMs > KEPT_MS) fs.rmSync(old, { recursive: true, force: true })
  }
}

/** A folder that only this user can write, since the code in it is run; undefined where there is none. */
function cacheFolder(name: string): string | undefined {
  const { XDG_CACHE_HOME: xdg, HOME: home } = process.env
  try {
    const base =
      xdg && path.isAbsolute(xdg) ? xdg : path.join(home && path.isAbsolute(home) ? home : require('node:os').userInfo().homedir, '.cache')
    const own = path.join(base, 'ainative-code')
    const folder = path.join(own, name)
    if (!fs.existsSync(folder)) {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      removeOld(own)
    }
    const { uid, mode } = fs.lstatSync(folder)
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined
  } catch {
    return undefined
  }
}
