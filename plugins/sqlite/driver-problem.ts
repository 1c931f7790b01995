import fs from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf, ownRequire, Problem } from 'ainative-code'

/** Says that the SQLite driver is missing or cannot be loaded; the hint is the npm command that repairs it. */
export function driverProblem(name: string, cause: unknown): Problem {
  const node = `Node ${process.versions.node}`
  const missing = /MODULE_NOT_FOUND$/.test(codeOf(cause) ?? '')
  const message = missing
    ? `the SQLite driver for ${node} is not installed: package ${name} is missing`
    : `the SQLite driver cannot be loaded on ${node}: package ${name}: ${messageOf(cause).split('\n')[0]}`
  const manifest = ownRequire().resolve('ainative-code/package.json')
  const where = installedAt(path.dirname(manifest))
  const hint = missing ? installCommand(name, manifest, where) : `npm explore ${where} ${name} -- npm run build-release`
  // npm leaves out an optional package that fails to compile, and says nothing.
  const needs = name === 'better-sqlite3' ? ' (compiling needs Python and a C++ compiler, or use Node 22 or newer)' : ''
  return new Problem('driver', message, { hint: hint + needs, cause })
}

/** npm's flag for the place of this package: a checkout, a project that has it in node_modules, or the global folder. */
function installedAt(root: string): string {
  const project = path.basename(path.dirname(root)) === 'node_modules' ? path.resolve(root, '../..') : root
  return fs.existsSync(path.join(project, 'package.json')) ? `--prefix '${project}'` : '-g'
}

function installCommand(name: string, manifest: string, where: string): string {
  if (where !== '-g') return `npm install ${where}`
  const { optionalDependencies } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  return `npm install -g ${name}@${optionalDependencies[name]}`
}
