import fs from 'node:fs'
import path from 'node:path'
import type { Hashes } from '../files/hash.ts'
import { untilSettled } from '../kernel/pending-promises.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { isThenable } from '../kernel/thenable.ts'
import { bounded, LIMIT_MS, settled } from '../kernel/time-limit.ts'
import { type Compiled, readCompiled, writeCompiled } from './compiled-module.ts'
import { requireFrom } from './module-require.ts'
import { loadOwnModule } from './own-modules.ts'
import { keepSource } from './source-place.ts'

export interface ModuleOptions {
  /** Gives up after a few seconds. */
  limited?: boolean
  /** The only texts that it may be made of; any other is a Problem. */
  allowed?: Hashes
}

/** The default export of a TypeScript or JavaScript file; of a CommonJS one, what it exports. */
export async function loadModule(file: string, env: NodeJS.ProcessEnv, options: ModuleOptions = {}): Promise<unknown> {
  const real = realFile(file)
  const whole = options.allowed !== undefined
  const compiled = readCompiled(real, whole, env) ?? (await compileFile(real, whole, env))
  if (options.allowed) await refuseOthers(compiled, options.allowed)
  const core = await import('ainative-code')
  const value = unwrap(compiled.format === 'esm' ? await runModule(compiled, core, options) : runCommonJs(compiled, core, options))
  return options.limited && isThenable(value) ? resolved(value) : value
}

/** What a promise gives, within a few seconds. Not by await, which would follow a promise that gives itself for ever. */
async function resolved(promise: PromiseLike<unknown>): Promise<unknown> {
  const given = new Promise<[unknown]>((resolve, reject) => bounded(() => promise.then((value) => resolve([value]), reject)))
  const [value] = await untilSettled('a default export', given, LIMIT_MS)
  if (isThenable(value)) throw new Problem('module', 'it exports a promise of a promise')
  return value
}

/** Every file that a file is made of, with its hash: itself, what it imports, and what those import, those of packages too. */
export async function inputsOf(file: string): Promise<Hashes> {
  const { inputsOf } = await import('./input-hashes.ts')
  return inputsOf(realFile(file))
}

function realFile(file: string): string {
  try {
    const real = fs.realpathSync(file)
    if (fs.statSync(real).isFile()) return real
  } catch (error) {
    throw new Problem('module', codeOf(error) === 'ENOENT' ? 'there is no such file' : `cannot read it: ${messageOf(error)}`, {
      cause: error,
    })
  }
  throw new Problem('module', 'it is not a file')
}

async function compileFile(file: string, whole: boolean, env: NodeJS.ProcessEnv): Promise<Compiled> {
  const { compile } = await import('./compile-module.ts')
  const compiled = await compile(file, whole)
  writeCompiled(compiled, env)
  return compiled
}

/** Refuses a text that is not what was trusted. These very texts were compiled, so that a later change of a file makes no difference. */
async function refuseOthers({ inputs }: Compiled, allowed: Hashes): Promise<void> {
  const { sha256 } = await import('../files/hash.ts')
  for (const [file, text] of inputs) {
    const hash = allowed.get(file)
    if (hash === sha256(text)) continue
    const why =
      hash === undefined ? `it needs ${file}, which was no part of it when it was trusted` : `${file} has changed since it was trusted`
    throw new Problem('trust', why, { hint: 'ainative-code trust takes it as it is now' })
  }
}

const PARAMETERS = 'exports, require, module, __filename, __dirname'

function runCommonJs({ file, code }: Compiled, core: object, { limited, allowed }: ModuleOptions): unknown {
  keepSource(file, code)
  const vm = process.getBuiltinModule('node:vm')
  const run: (...args: unknown[]) => void = new vm.Script(`(function (${PARAMETERS}) {${code}\n})`, { filename: file }).runInThisContext()
  const own = { exports: {} }
  const load = requireFrom(file, core, allowed !== undefined)
  const call = () => run.call(own.exports, own.exports, load, own, file, path.dirname(file))
  if (limited) bounded(call)
  else call()
  return own.exports
}

/** What waits at its top level cannot be CommonJS; node's own loader runs it, from its text. */
async function runModule({ code }: Compiled, core: object, { limited }: ModuleOptions): Promise<unknown> {
  Object.assign(globalThis, { [CORE]: (id: string) => loadOwnModule(id, core) })
  const load = importer()
  const loading = load(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
  return limited ? settled(loading) : loading
}

/** A file of its own, since the build has no dynamic import, and vm's is experimental. */
function importer(): (url: string) => Promise<unknown> {
  const { Module } = process.getBuiltinModule('node:module')
  const own = new Module('/import.cjs') as NodeJS.Module & { _compile(source: string, file: string): void }
  own._compile('module.exports = (url) => import(url)', '/import.cjs')
  return own.exports
}

/** Where such a module finds the core. */
const CORE = 'ainative-code core'

function unwrap(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports
  const inner = '__esModule' in exports || Symbol.toStringTag in exports ? (exports as { default?: unknown }).default : exports
  // A CommonJS file that was made from an ES module and is imported by one.
  return typeof inner === 'object' && inner !== null && '__esModule' in inner && 'default' in inner ? inner.default : inner
}
