import fs from 'node:fs'
import path from 'node:path'
import { configFolder } from '../files/paths.ts'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { once } from '../kernel/once.ts'
import { messageOf } from '../kernel/problem.ts'

const USER = ['yaml', 'yml', 'json', 'ts', 'mts', 'js', 'mjs', 'cjs'].map((end) => `config.${end}`)
const ENDS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml']
const PROJECT = [...ENDS.map((end) => `ainative.config.${end}`), '.ainativerc', ...ENDS.map((end) => `.ainativerc.${end}`)]
const MANIFEST = 'package.json'

/** A larger config file, or package.json, is not read. */
export const MAX_BYTES = 1 << 20

/** The user's own config files, of which the first counts. */
export function userConfigs(env: NodeJS.ProcessEnv): string[] {
  const folder = configFolder(env)
  const names = namesIn(folder)
  return USER.filter((each) => names.includes(each)).map((name) => path.join(folder, name))
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
export function projectConfig(folder: string, note: Note = () => undefined): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = configIn(at, note)
    if (found) return realFile(found)
    if (at === path.dirname(at)) return undefined
  }
}

/** The real path of a file; of a link that leads nowhere, its own. */
export function realFile(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

function configIn(folder: string, note: Note): string | undefined {
  const names = namesIn(folder)
  const file = path.join(folder, MANIFEST)
  const manifest = once(() => (names.includes(MANIFEST) ? readManifest(file, note) : undefined))
  const isFound = (name: string) => names.includes(name) && !(name.startsWith('ainative.config.') && isOurs(manifest()))
  const found = PROJECT.find(isFound)
  if (found) return path.join(folder, found)
  return manifest()?.ainative === undefined ? undefined : file
}

interface Manifest {
  name?: unknown
  ainative?: unknown
}

/** Whether this is the program's own package: its ainative.config.ts names the shipped plugins. */
const isOurs = (manifest: Manifest | undefined) => manifest?.name === 'ainative-code'

/** A package.json that may have the key `ainative`. */
function readManifest(file: string, note: Note): Manifest | undefined {
  try {
    const text = readRegular(file, MAX_BYTES)
    return text.includes('ainative') ? Object(JSON.parse(withoutMark(text))) : undefined
  } catch (error) {
    note(`cannot read ${file}: ${messageOf(error)}`)
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
