import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from './folder.ts'

const KEPT_MS = 14 * 86_400_000

/** Removes cache folders that have not changed for two weeks. Newer folders can belong to another installed build. */
function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const old = path.join(folder, name)
    if (Date.now() - fs.statSync(old).mtimeMs > KEPT_MS) fs.rmSync(old, { recursive: true, force: true })
  }
}

/** Creates and returns a folder in ~/.cache/ainative-code. Undefined if another user can write to the folder: the program runs code from it. */
export function cacheFolder(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const { XDG_CACHE_HOME: xdg, HOME: home } = env
  try {
    // Does not import files/paths.ts, which would add a second class Problem to the bundle of bin.
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

/** True if only this user can write the file or folder. */
const isOwn = ({ uid, mode }: fs.Stats) => uid === process.getuid?.() && (mode & 0o022) === 0

/**
 * Reads a file of the cache; undefined if the file is missing or another user can write it. Checks the open file, since its folder could
 * have been replaced.
 */
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

/** Writes a file of the cache as a whole. Ignores errors, since the cache only saves time. */
export function writeCached(file: string, content: string | Buffer): void {
  const temporary = `${file}.${process.pid}.${process.hrtime.bigint()}`
  try {
    fs.writeFileSync(temporary, content, { mode: 0o600 })
    fs.renameSync(temporary, file)
  } catch {
    fs.rmSync(temporary, { force: true })
  }
}
