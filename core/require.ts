import { codeOf } from './problem.ts'

type Require = ((id: string) => unknown) & { resolve(id: string): string }

/** Separates the folder of the file that asks from what it asks for, where that is not the folder of the file as a whole. */
export const FROM = '//'

/** The `require` of a compiled file: our one core, node's own modules, and packages from where the asking file lies. */
export function requireFrom(file: string, core: object, check: (resolved: string) => void): Require {
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
    if (id === 'ainative-code') return core
    if (isBuiltin(id)) return process.getBuiltinModule(id)
    try {
      const resolved = resolve(id)
      check(resolved)
      return createRequire(file)(resolved)
    } catch (error) {
      const [, name] = locate(id)
      if (codeOf(error) !== 'MODULE_NOT_FOUND' || !(error instanceof Error && error.message.includes(`'${name}'`))) throw error
      throw new Error(
        `it imports ${JSON.stringify(name)}, which cannot be found from ${id === name ? file : id.slice(0, -name.length - 2)}`,
      )
    }
  }
  return Object.assign(load, { resolve })
}
