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

/** The stored trust of a config. */
interface Entry {
  /** The SHA-256 of the whole file, or of the key `ainative` of a package.json. */
  settings: string
  /** The SHA-256 of each file that the config and its plugins import. */
  files: Record<string, string>
}

/** The files that a trusted config may run; for a config that is no longer trusted, the file that has changed. */
export type Trust = { files: Hashes } | { files?: undefined; changed?: string }

const trustFile = (env: NodeJS.ProcessEnv) => path.join(stateFolder(env), 'trust.json')

/** Returns the stored trust of each config by its real path. */
export function readTrust(env: NodeJS.ProcessEnv): Record<string, Entry> {
  try {
    const entries: unknown = JSON.parse(readRegular(trustFile(env)))
    return Object.fromEntries(Object.entries(entries as object).filter(([, entry]) => isEntry(entry)))
  } catch {
    return {}
  }
}

const isEntry = (entry: unknown): entry is Entry => {
  const { settings, files } = Object(entry)
  return typeof settings === 'string' && typeof files === 'object' && files !== null
}

/** Compares a config and every file of its code with the trusted hashes. */
export function checkTrust(config: ConfigText, env: NodeJS.ProcessEnv): Trust {
  const entries = readTrust(env)
  const entry = Object.hasOwn(entries, config.file) ? entries[config.file] : undefined
  if (!entry) return {}
  if (entry.settings !== hashSettings(config)) return { changed: config.file }
  const changed = Object.entries(entry.files).find(([file, hash]) => hashFile(file) !== hash)
  return changed ? { changed: changed[0] } : { files: new Map(Object.entries(entry.files)) }
}

/** Stores the trust of a config with the hashes of the files of its code. */
export const storeTrust = (config: ConfigText, files: Hashes, env: NodeJS.ProcessEnv): void =>
  update(env, (entries) => ({ ...entries, [config.file]: { settings: hashSettings(config), files: Object.fromEntries(files) } }))

/** Removes the trust of a config. */
export const removeTrust = (file: string, env: NodeJS.ProcessEnv): void => update(env, ({ [file]: _, ...others }) => others)

const hashSettings = (config: ConfigText) => sha256(settingsOf(config))

function hashFile(file: string): string | undefined {
  try {
    return sha256(readRegular(file))
  } catch {
    return undefined
  }
}

function update(env: NodeJS.ProcessEnv, change: (entries: Record<string, Entry>) => Record<string, Entry>): void {
  withLock(trustFile(env), () => replacePrivateFile(trustFile(env), `${JSON.stringify(change(readTrust(env)), null, 2)}\n`))
}

/** The maximum wait for a lock, in milliseconds; a lock that is older belongs to a dead process. */
const WAIT_MS = 2000

/** Runs with a lock, so that no other process writes the file between a read and a write. */
function withLock(file: string, run: () => void): void {
  const lock = `${file}.lock`
  try {
    makeFolder(path.dirname(file), 0o700)
    for (let left = WAIT_MS; left > 0 && !createLock(lock); left -= 20) sleepSync(20)
    try {
      run()
    } finally {
      fs.rmSync(lock, { force: true })
    }
  } catch (error) {
    throw new Problem('trust', `cannot write ${file}: ${messageOf(error)}`, { hint: 'check the permissions of its folder', cause: error })
  }
}

function createLock(lock: string): boolean {
  try {
    fs.closeSync(fs.openSync(lock, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
