import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from './folder.ts'
import { stateFolder } from './paths.ts'
import { messageOf, Problem } from './problem.ts'

/** The hash of each file, by its real path, of a config that is trusted. */
type Hashes = Record<string, string>

/** Whether a project's config is trusted; if it was and is not any more, the file that has changed. */
export type Trust = { files: ReadonlySet<string> } | { files?: undefined; changed?: string }

const placeOf = (env: NodeJS.ProcessEnv) => path.join(stateFolder(env), 'trust.json')

/** The config files that are trusted, with the files that each is made of. */
export function trusted(env: NodeJS.ProcessEnv): Record<string, Hashes> {
  try {
    const kept: unknown = JSON.parse(fs.readFileSync(placeOf(env), 'utf8'))
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, Hashes>) : {}
  } catch {
    return {}
  }
}

/** Whether this config, and every file that it is made of, is what was trusted. */
export function trustOf(config: string, env: NodeJS.ProcessEnv): Trust {
  const real = fs.realpathSync(config)
  const kept = trusted(env)
  const hashes = Object.hasOwn(kept, real) ? Object.entries(kept[real] ?? {}) : []
  if (!hashes.some(([file]) => file === real)) return {}
  const changed = hashes.find(([file, hash]) => hashOf(file) !== hash)
  return changed ? { changed: changed[0] } : { files: new Set(hashes.map(([file]) => file)) }
}

/** Remembers a config with the files that it is made of, or forgets it. */
export function remember(config: string, files: readonly string[] | undefined, env: NodeJS.ProcessEnv): void {
  const hashes = files && Object.fromEntries(files.map((file) => [file, hashOf(file) ?? '']))
  locked(placeOf(env), () => {
    const { [config]: _, ...others } = trusted(env)
    replace(placeOf(env), JSON.stringify(hashes ? { ...others, [config]: hashes } : others, null, 2))
  })
}

/** Of a package.json the key `ainative` alone counts, since the rest changes every day. */
function hashOf(file: string): string | undefined {
  try {
    // Reading a pipe would never end.
    if (!fs.statSync(file).isFile()) return undefined
    const bytes = fs.readFileSync(file)
    const ours = path.basename(file) === 'package.json' && !file.includes('/node_modules/')
    const content = ours ? JSON.stringify(JSON.parse(bytes.toString()).ainative) : bytes
    return crypto.createHash('sha256').update(content).digest('hex')
  } catch {
    return undefined
  }
}

const WAIT_MS = 2000

/** Two at once would lose what one of them wrote; a lock that nobody gives back is not waited for long. */
function locked(file: string, run: () => void): void {
  const lock = `${file}.lock`
  try {
    makeFolder(path.dirname(file), 0o700)
    for (let left = WAIT_MS; left > 0 && !take(lock); left -= 20) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
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

function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`
  fs.writeFileSync(temporary, `${text}\n`, { mode: 0o600 })
  fs.renameSync(temporary, file)
}
