import fs from 'node:fs'
import path from 'node:path'
import { ownRequire } from 'ainative-code'
import type Database from 'better-sqlite3'
import { driverProblem } from './driver-problem.ts'

export type Connection = Database.Database

/** Opens a database file, or a copy of one in memory. */
export type Open = (file: string | Buffer, options?: Database.Options) => Connection

/** The driver's package. Version 12 aborts on Node 24.19 and newer; version 13 cannot be loaded on Node 20. */
export const DRIVER = Number.parseInt(process.versions.node, 10) >= 22 ? 'better-sqlite3-13' : 'better-sqlite3'

/** Loads the driver for this version of Node. Where it is missing or broken, a Problem names the package and a command. */
export async function loadDriver(): Promise<Open> {
  try {
    // An import within `try` may fail, so the build leaves a driver that is not installed out of the bundle.
    const { default: Driver } = DRIVER === 'better-sqlite3' ? await import('better-sqlite3') : await import('better-sqlite3-13')
    // The types know a path alone; with the addon itself, an error of the constructor is always about the database.
    const nativeBinding = ownRequire()(findAddon())
    return (file, options) => new Driver(file, { ...options, nativeBinding })
  } catch (error) {
    throw driverProblem(DRIVER, error)
  }
}

/** The path of the compiled addon. The package's own search for it takes as long as opening a database. */
function findAddon(): string {
  for (const folder of packageFolders()) {
    const compiled = path.join(folder, 'build/Release/better_sqlite3.node')
    if (fs.existsSync(compiled)) return compiled
    const prebuilt = path.join(folder, 'prebuilds', `${platform()}-${process.arch}.node`)
    if (fs.existsSync(prebuilt)) return prebuilt
  }
  throw new Error(`there is no binary for ${platform()}-${process.arch}`)
}

/** Where npm puts the package: below this one, beside it, or where Node finds it. */
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
