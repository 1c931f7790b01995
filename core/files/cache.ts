import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from './folder.ts'

const KEPT_MS = 14 * 86_400_000

/** Other builds may be in use beside this one; what has not been for two weeks goes. */
function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const old = path.join(folder, name)
    if (Date.now() - fs.statSync(old).mtimeMs > KEPT_MS) fs.rmSync(old, { recursive: true, force: true })
  }
}

/** A folder below ~/.cache/ainative-code that only this user can write, since the code in it is run; undefined where there is none. */
export function cacheFolder(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const { XDG_CACHE_HOME: xdg, HOME: home } = env
  try {
    // Not by core/paths.ts, which would bring a second Problem into bin.
    const own = path.join(
      xdg && path.isAbsolute(xdg)
        ? xdg
        : path.join(home && path.isAbsolute(home) ? home : process.getBuiltinModule('node:os').userInfo().homedir, '.cache'),
      'ainative-code',
    )
    const folder = path.join(own, name)
    if (!fs.existsSync(folder)) {
      makeFolder(folder, 0o700)
      removeOld(own)
    }
    return isOwn(fs.lstatSync(folder)) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Whether nobody but this user can have written something. */
const isOwn = ({ uid, mode }: fs.Stats) => uid === process.getuid?.() && (mode & 0o022) === 0

/** The content of a file of the cache, or undefined. The open file is checked as well: its folder may have been replaced since. */
export function readCached(file: string): Buffer | undefined {
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      return isOwn(fs.fstatSync(fd)) ? fs.readFileSync(fd) : undefined
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** Puts a file into the cache at once, or leaves it: the cache is only ever a help. */
export function writeCached(file: string, content: string | Buffer): void {
  const temporary = `${file}.${process.pid}.${process.hrtime.bigint()}`
  try {
    fs.writeFileSync(temporary, content, { mode: 0o600 })
    fs.renameSync(temporary, file)
  } catch {
    fs.rmSync(temporary, { force: true })
  }
}
