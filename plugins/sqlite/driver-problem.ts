import fs from 'node:fs'
import path from 'node:path'
import { messageOf, ownRequire, Problem } from 'ainative-code'

/** Creates the Problem for a SQLite driver that is missing or does not load; the hint is the npm command that installs or builds it. */
export function driverProblem(name: string, cause: unknown): Problem {
  const node = `Node ${process.versions.node}`
  const folder = packageFolder(name)
  const message = folder
    ? `the SQLite driver cannot be loaded on ${node}: package ${name}: ${messageOf(cause).split('\n')[0]}`
    : `the SQLite driver for ${node} is not installed: package ${name} is missing`
  const command = folder
    ? `npm explore --prefix '${path.resolve(folder, '../..')}' ${name} -- npm run build-release`
    : installCommand(name, packageFolder('ainative-code') as string)
  // npm skips an optional package that fails to compile, without an error.
  const needs = name === 'better-sqlite3' ? ' (compiling needs Python and a C++ compiler, or use Node 22 or newer)' : ''
  return new Problem('driver', message, { hint: command + needs, cause })
}

function packageFolder(name: string): string | undefined {
  try {
    return path.dirname(ownRequire().resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

/** The npm command that installs the driver: into the project if there is one, else globally. */
function installCommand(name: string, root: string): string {
  const project = path.basename(path.dirname(root)) === 'node_modules' ? path.resolve(root, '../..') : root
  if (fs.existsSync(path.join(project, 'package.json'))) return `npm install --prefix '${project}'`
  const { optionalDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  return `npm install -g ${name}@${optionalDependencies[name]}`
}
