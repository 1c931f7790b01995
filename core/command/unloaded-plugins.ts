import type { LoadedPlugin } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'

const SHOWN = 3

/** Where something is missing, the hint names the plugins that were not loaded: one of them may bring it. */
export function withAbsent(plugins: readonly LoadedPlugin[], error: unknown): unknown {
  if (!(error instanceof Problem) || !/^no-(command|format|provider|function|store|query)$/.test(error.code)) return error
  const absent = plugins.filter(({ problem }) => problem !== undefined)
  if (absent.length === 0) return error
  const names = absent.slice(0, SHOWN).map(({ name }) => `'${name}'`)
  const more = absent.length > SHOWN ? ` and ${absent.length - SHOWN} more` : ''
  const said = `${error.hint ? `${error.hint}; ` : ''}not loaded: plugin ${names.join(', ')}${more}, and ainative-code plugin list says why`
  return new Problem(error.code, error.message, { hint: said, cause: error, exit: error.exit })
}
