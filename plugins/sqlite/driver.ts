import fs from 'node:fs'
import path from 'node:path'
import { ownRequire } from 'ainative-code'
import type Database from 'better-sqlite3'
import { driverProblem } from './driver-problem.ts'

/** An open database connection. */
export type Connection = Database.Database

/** Opens a database file by its path, or a database in memory from the bytes of a file. */
export type Open = (file: string | Buffer, options?: Database.Options) => Connection

/** The name of the driver's package. Version 12 aborts on Node 24.19 and newer; version 13 does not load on Node 20. */
export const DRIVER = Number.parseInt(process.versions.node, 10) >= 22 ? 'better-sqlite3-13' : 'better-sqlite3'

/** Loads the driver for this version of Node. If the driver is missing or broken, throws a Problem whose hint is an npm command. */
export async function loadDriver(): Promise<Open> {
  try {
    // esbuild allows an import inside `try` to fail, so the build also works if one of the two drivers is not installed.
    const { default: Driver } = DRIVER === 'better-sqlite3' ? await import('better-sqlite3') : await import('better-sqlite3-13')
    // The addon is passed loaded and not as a path, so that every error of the constructor is about the database and not about the addon.
    const nativeBinding = ownRequire()(findAddon())
    return (file, options) => new Driver(file, { ...options, nativeBinding })
  } catch (error) {
    throw driverProblem(DRIVER, error)
  }
}

/** Finds the path of the compiled addon. The package's own search takes as long as opening a database. */
function findAddon(): string {
  for (const folder of packageFolders()) {
    const compiled = path.join(folder, 'build/Release/better_sqlite3.node')
    if (fs.existsSync(compiled)) return compiled
    const prebuilt = path.join(folder, 'prebuilds', `${platform()}-${process.arch}.node`)
    if (fs.existsSync(prebuilt)) return prebuilt
  }
  throw new Error(`no binary for ${platform()}-${process.arch}`)
}

/** The folders that may hold the package: below this package, beside it, and where Node resolves it. */
function* packageFolders(): Generator<string> {
  if (typeof __dirname === 'string') {
    yield path.join(__dirname, '../../node_modules', DRIVER)
    yield path.join(__dirname, '../../..', DRIVER)
  }
  yield path.dirname(ownRequire().resolve(`${DRIVER}/package.json`))
}

function platform(): string {
  if (process.platform !== 'linux') return process.platform
  try {
    return fs.readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-') ? 'linuxmusl' : 'linux'
  } catch {
    return 'linux'
  }
}
