import { codeOf, Problem } from '../kernel/problem.ts'
import { isOwnModule, loadOwnModule } from './own-modules.ts'

type Require = ((id: string) => unknown) & { resolve(id: string): string }

/** Separates the folder of the importing source from the package name, if that folder differs from the module's folder. */
export const FOLDER_SEPARATOR = '//'

/**
 * Returns the `require` of a compiled module. It loads the running core, Node's modules, and packages from the folder of the importing
 * source. A sealed module includes its packages, so its `require` throws for every other package.
 */
export function createModuleRequire(file: string, core: object, sealed: boolean): Require {
  const { createRequire, isBuiltin } = process.getBuiltinModule('node:module')
  const split = (id: string): [NodeJS.Require, string] => {
    const at = id.lastIndexOf(FOLDER_SEPARATOR)
    if (id.startsWith('file:')) return [createRequire(file), process.getBuiltinModule('node:url').fileURLToPath(id)]
    return at < 0 ? [createRequire(file), id] : [createRequire(`${id.slice(0, at)}/x`), id.slice(at + FOLDER_SEPARATOR.length)]
  }
  const resolve = (id: string) => {
    const [{ resolve }, name] = split(id)
    return resolve(name)
  }
  const load = (id: string): unknown => {
    if (isOwnModule(id)) return loadOwnModule(id, core)
    if (isBuiltin(id)) return process.getBuiltinModule(id)
    if (sealed) throw new Problem('trust', `the code requires ${JSON.stringify(id)} only at run time, so trust does not cover it`)
    try {
      const resolved = resolve(id)
      return createRequire(file)(resolved)
    } catch (error) {
      const [, name] = split(id)
      if (codeOf(error) !== 'MODULE_NOT_FOUND' || !(error instanceof Error && error.message.includes(`'${name}'`))) throw error
      const from = id === name ? file : id.slice(0, -name.length - 2)
      const hint = name === 'zod' ? '; apply({ z }) and config: (z) => … receive zod' : ''
      throw new Error(`cannot find package ${JSON.stringify(name)} imported from ${from}${hint}`)
    }
  }
  return Object.assign(load, { resolve })
}
