import fs from 'node:fs'
import path from 'node:path'
import { configFolder } from '../files/paths.ts'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { once } from '../kernel/once.ts'
import { messageOf } from '../kernel/problem.ts'

const USER_NAMES = ['yaml', 'yml', 'json', 'ts', 'mts', 'js', 'mjs', 'cjs'].map((extension) => `config.${extension}`)
const EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml']
const PROJECT_NAMES = [
  ...EXTENSIONS.map((extension) => `ainative.config.${extension}`),
  '.ainativerc',
  ...EXTENSIONS.map((extension) => `.ainativerc.${extension}`),
]
const MANIFEST = 'package.json'

/** The maximum size of a config file or package.json, in bytes. */
export const MAX_BYTES = 1 << 20

/** Returns the paths of the user's config files; the program uses the first one. */
export function findUserConfigs(env: NodeJS.ProcessEnv): string[] {
  const folder = configFolder(env)
  const names = readNames(folder)
  return USER_NAMES.filter((each) => names.includes(each)).map((name) => path.join(folder, name))
}

type Note = (text: string) => void

/**
 * Returns the real path of the nearest project config, from a folder upward. Trust, relative paths and the format of a config depend on
 * the target of a link, not on the link. An unreadable package.json is skipped with a note.
 *
 * cosmiconfig does not search here: its function `cosmiconfig()` runs `.config/config.js` of the working folder as soon as it is called,
 * and `package.json#cosmiconfig` adds search places to it. A stranger's project would run code before anybody trusts it. cosmiconfig's
 * loaders only parse the files that this function finds.
 */
export function findProjectConfig(folder: string, note: Note = () => undefined): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = findConfigIn(at, note)
    if (found) return realFile(found)
    if (at === path.dirname(at)) return undefined
  }
}

/** Returns the real path of a file; for a broken link, the path of the link. */
export function realFile(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

function findConfigIn(folder: string, note: Note): string | undefined {
  const names = readNames(folder)
  const file = path.join(folder, MANIFEST)
  const manifest = once(() => (names.includes(MANIFEST) ? readManifest(file, note) : undefined))
  const isFound = (name: string) => names.includes(name) && !(name.startsWith('ainative.config.') && isOwnPackage(manifest()))
  const found = PROJECT_NAMES.find(isFound)
  if (found) return path.join(folder, found)
  return manifest()?.ainative === undefined ? undefined : file
}

interface Manifest {
  name?: unknown
  ainative?: unknown
}

/** True for the program's own package, whose ainative.config.ts lists the built-in plugins and is not a project config. */
const isOwnPackage = (manifest: Manifest | undefined) => manifest?.name === 'ainative-code'

/** Reads a package.json; undefined if its text cannot contain the key `ainative`. */
function readManifest(file: string, note: Note): Manifest | undefined {
  try {
    const text = readRegular(file, MAX_BYTES)
    return text.includes('ainative') ? Object(JSON.parse(withoutMark(text))) : undefined
  } catch (error) {
    note(`cannot read ${file}: ${messageOf(error)}`)
    return undefined
  }
}

function readNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
