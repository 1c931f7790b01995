import fs from 'node:fs'
import path from 'node:path'
import type { Hashes } from '../files/hash.ts'
import { untilSettled } from '../kernel/pending-promises.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { isThenable } from '../kernel/thenable.ts'
import { interruptible, LIMIT_MS, settleInTime, withTimeLimit } from '../kernel/time-limit.ts'
import { type CompiledModule, readCompiled, writeCompiled } from './compiled-module.ts'
import { createModuleRequire } from './module-require.ts'
import { loadOwnModule } from './own-modules.ts'
import { storeSource } from './source-place.ts'

/** Options for loading a module. */
export interface ModuleOptions {
  /** True to stop after a few seconds. */
  limited?: boolean
  /** The files and hashes that the module may consist of. Throws a Problem for any other file. */
  allowed?: Hashes
}

/** Loads a TypeScript or JavaScript file. Returns its default export; for CommonJS, `module.exports`. */
export async function loadModule(file: string, env: NodeJS.ProcessEnv, options: ModuleOptions = {}): Promise<unknown> {
  const real = realFile(file)
  const whole = options.allowed !== undefined
  const compiled = readCompiled(real, whole, env) ?? (await compileFile(real, whole, env))
  if (options.allowed) await assertAllowed(compiled, options.allowed)
  const core = await import('ainative-code')
  const value = defaultExport(compiled.format === 'esm' ? await runModule(compiled, core, options) : runCommonJs(compiled, core, options))
  return options.limited && isThenable(value) ? awaitExport(value) : value
}

/** Awaits an exported promise with a time limit. `await` would never return for a promise that resolves to itself. */
async function awaitExport(promise: PromiseLike<unknown>): Promise<unknown> {
  const wrapped = new Promise<[unknown]>((resolve, reject) => withTimeLimit(() => promise.then((value) => resolve([value]), reject)))
  const [value] = await untilSettled('a default export', wrapped, LIMIT_MS)
  if (isThenable(value)) throw new Problem('module', 'the default export is a promise of a promise')
  return value
}

/** Returns the hash of a file and of every file that it imports, directly or not, packages too. */
export async function hashInputs(file: string): Promise<Hashes> {
  const { hashInputs } = await import('./input-hashes.ts')
  return hashInputs(realFile(file))
}

function realFile(file: string): string {
  try {
    const real = fs.realpathSync(file)
    if (fs.statSync(real).isFile()) return real
  } catch (error) {
    throw new Problem('module', codeOf(error) === 'ENOENT' ? 'no such file' : `cannot read the file: ${messageOf(error)}`, {
      cause: error,
    })
  }
  throw new Problem('module', 'not a file')
}

async function compileFile(file: string, whole: boolean, env: NodeJS.ProcessEnv): Promise<CompiledModule> {
  const { compileModule } = await import('./compile-module.ts')
  const compiled = await compileModule(file, whole)
  writeCompiled(compiled, env)
  return compiled
}

/** Throws if a source text is not a trusted one. These texts are the compiled ones, so a later change of a file has no effect. */
async function assertAllowed({ inputs }: CompiledModule, allowed: Hashes): Promise<void> {
  const { sha256 } = await import('../files/hash.ts')
  for (const [file, text] of inputs) {
    const hash = allowed.get(file)
    if (hash === sha256(text)) continue
    const why =
      hash === undefined ? `the code imports ${file}, which is not part of the trusted code` : `${file} has changed since it was trusted`
    throw new Problem('trust', why, { hint: 'ainative-code trust trusts the current files' })
  }
}

const PARAMETERS = 'exports, require, module, __filename, __dirname'

/** Runs a CommonJS module and returns its exports. */
function runCommonJs({ file, code }: CompiledModule, core: object, { limited, allowed }: ModuleOptions): unknown {
  storeSource(file, code)
  const vm = process.getBuiltinModule('node:vm')
  const run: (...args: unknown[]) => void = new vm.Script(`(function (${PARAMETERS}) {${code}\n})`, { filename: file }).runInThisContext()
  const created = { exports: {} }
  const load = createModuleRequire(file, core, allowed !== undefined)
  const call = () => run.call(created.exports, created.exports, load, created, file, path.dirname(file))
  if (limited) withTimeLimit(call)
  else interruptible(call)
  return created.exports
}

/** Runs an ES module with top-level await from its text: Node's loader imports it as a data: URL. */
async function runModule({ code }: CompiledModule, core: object, { limited }: ModuleOptions): Promise<unknown> {
  Object.assign(globalThis, { [CORE]: (id: string) => loadOwnModule(id, core) })
  const load = createImport()
  const loading = load(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
  return limited ? settleInTime(loading) : loading
}

/** Returns `import()` from a separate module: the build compiles import() to require(), and import() in node:vm is experimental. */
function createImport(): (url: string) => Promise<unknown> {
  const { Module } = process.getBuiltinModule('node:module')
  const own = new Module('/import.cjs') as NodeJS.Module & { _compile(source: string, file: string): void }
  own._compile('module.exports = (url) => import(url)', '/import.cjs')
  return own.exports
}

/** The global name of the core for modules from a data: URL. */
const CORE = 'ainative-code core'

/** Returns the default export; for CommonJS, the exports. */
function defaultExport(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports
  const inner = '__esModule' in exports || Symbol.toStringTag in exports ? (exports as { default?: unknown }).default : exports
  // A CommonJS file that was compiled from an ES module, imported by an ES module.
  return typeof inner === 'object' && inner !== null && '__esModule' in inner && 'default' in inner ? inner.default : inner
}
