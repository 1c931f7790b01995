import { codeOf, Problem } from '../kernel/problem.ts'
import { isOwnModule, loadOwnModule } from './own-modules.ts'

type Require = ((id: string) => unknown) & { resolve(id: string): string }

/** Separates the folder of the file that asks from what it asks for, where that is not the folder of the file as a whole. */
export const FROM = '//'

/** The `require` of a compiled file: our one core, node's own modules and, unless it is sealed, packages from where the asking file lies. */
export function requireFrom(file: string, core: object, sealed: boolean): Require {
  const { createRequire, isBuiltin } = process.getBuiltinModule('node:module')
  const locate = (id: string): [NodeJS.Require, string] => {
    const at = id.lastIndexOf(FROM)
    if (id.startsWith('file:')) return [createRequire(file), process.getBuiltinModule('node:url').fileURLToPath(id)]
    return at < 0 ? [createRequire(file), id] : [createRequire(`${id.slice(0, at)}/x`), id.slice(at + FROM.length)]
  }
  const resolve = (id: string) => {
    const [{ resolve }, name] = locate(id)
    return resolve(name)
  }
  const load = (id: string): unknown => {
    if (isOwnModule(id)) return loadOwnModule(id, core)
    if (isBuiltin(id)) return process.getBuiltinModule(id)
    if (sealed)
      throw new Problem('trust', `it asks for ${JSON.stringify(id)} only when it runs, so that it was no part of what was trusted`)
    try {
      const resolved = resolve(id)
      return createRequire(file)(resolved)
    } catch (error) {
      const [, name] = locate(id)
      if (codeOf(error) !== 'MODULE_NOT_FOUND' || !(error instanceof Error && error.message.includes(`'${name}'`))) throw error
      const from = id === name ? file : id.slice(0, -name.length - 2)
      const hint = name === 'zod' ? '; apply({ z }) and config: (z) => … are given it' : ''
      throw new Error(`it imports ${JSON.stringify(name)}, which cannot be found from ${from}${hint}`)
    }
  }
  return Object.assign(load, { resolve })
}
