import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../files/folder.ts'
import { type Hashes, sha256 } from '../files/hash.ts'
import { stateFolder } from '../files/paths.ts'
import { readRegular } from '../files/regular-file.ts'
import { replacePrivateFile } from '../files/replace-file.ts'
import { sleepSync } from '../files/sleep.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { type ConfigText, settingsOf } from './read-config.ts'

/** What is remembered of a trusted config. */
interface Entry {
  /** The SHA-256 of what it sets: of the whole file, or of the key `ainative` of a package.json. */
  settings: string
  /** The SHA-256 of each file that its code and its plugins are made of. */
  files: Record<string, string>
}

/** The files that a trusted config may run; or, where it was trusted once, the file that has changed since. */
export type Trust = { files: Hashes } | { files?: undefined; changed?: string }

const placeOf = (env: NodeJS.ProcessEnv) => path.join(stateFolder(env), 'trust.json')

/** The entries of the trusted configs, by their real paths. */
export function trusted(env: NodeJS.ProcessEnv): Record<string, Entry> {
  try {
    const entries: unknown = JSON.parse(readRegular(placeOf(env)))
    return Object.fromEntries(Object.entries(entries as object).filter(([, entry]) => isEntry(entry)))
  } catch {
    return {}
  }
}

const isEntry = (entry: unknown): entry is Entry => {
  const { settings, files } = Object(entry)
  return typeof settings === 'string' && typeof files === 'object' && files !== null
}

/** Whether this text of a config, and every file that its code is made of, is what was trusted. */
export function trustOf(config: ConfigText, env: NodeJS.ProcessEnv): Trust {
  const entries = trusted(env)
  const entry = Object.hasOwn(entries, config.file) ? entries[config.file] : undefined
  if (!entry) return {}
  if (entry.settings !== hashOfSettings(config)) return { changed: config.file }
  const changed = Object.entries(entry.files).find(([file, hash]) => hashOfFile(file) !== hash)
  return changed ? { changed: changed[0] } : { files: new Map(Object.entries(entry.files)) }
}

/** Remembers a config with the hashes of the files that its code is made of. */
export const remember = (config: ConfigText, files: Hashes, env: NodeJS.ProcessEnv): void =>
  update(env, (entries) => ({ ...entries, [config.file]: { settings: hashOfSettings(config), files: Object.fromEntries(files) } }))

/** Forgets a config. */
export const forget = (file: string, env: NodeJS.ProcessEnv): void => update(env, ({ [file]: _, ...others }) => others)

const hashOfSettings = (config: ConfigText) => sha256(settingsOf(config))

function hashOfFile(file: string): string | undefined {
  try {
    return sha256(readRegular(file))
  } catch {
    return undefined
  }
}

function update(env: NodeJS.ProcessEnv, change: (entries: Record<string, Entry>) => Record<string, Entry>): void {
  locked(placeOf(env), () => replacePrivateFile(placeOf(env), `${JSON.stringify(change(trusted(env)), null, 2)}\n`))
}

const WAIT_MS = 2000

/** Runs alone: two processes at once would lose what one of them wrote. A lock that nobody releases is waited for, but not for long. */
function locked(file: string, run: () => void): void {
  const lock = `${file}.lock`
  try {
    makeFolder(path.dirname(file), 0o700)
    for (let left = WAIT_MS; left > 0 && !take(lock); left -= 20) sleepSync(20)
    try {
      run()
    } finally {
      fs.rmSync(lock, { force: true })
    }
  } catch (error) {
    throw new Problem('trust', `cannot write ${file}: ${messageOf(error)}`, { hint: 'check the permissions of its folder', cause: error })
  }
}

function take(lock: string): boolean {
  try {
    fs.closeSync(fs.openSync(lock, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
