import type { LoadedPlugin } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'

const MAX_NAMES = 3

/** Adds the plugins that failed to load to the hint of an unknown command, format or provider, because one of them may provide it. */
export function hintUnloadedPlugins(plugins: readonly LoadedPlugin[], error: unknown): unknown {
  if (!(error instanceof Problem) || !/^no-(command|format|provider|function|store|query)$/.test(error.code)) return error
  const unloaded = plugins.filter(({ problem }) => problem !== undefined)
  if (unloaded.length === 0) return error
  const names = unloaded.slice(0, MAX_NAMES).map(({ name }) => `'${name}'`)
  const more = unloaded.length > MAX_NAMES ? ` and ${unloaded.length - MAX_NAMES} more` : ''
  const hint = `${error.hint ? `${error.hint}; ` : ''}not loaded: plugin ${names.join(', ')}${more}; ainative-code plugin list shows why`
  return new Problem(error.code, error.message, { hint, cause: error, exit: error.exit })
}
