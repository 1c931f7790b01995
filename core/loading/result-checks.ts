import type { ResultCheck } from '../contract/host.ts'
import { expected, shownValue } from './unexpected-result.ts'

// Loaded when a user's plugin taps `saving` or `asking`: zod's schemas of a whole session would slow every start.
const shapes = () => import('./result-schemas.ts')

/** Of `saving`: the change, of the same session, with nothing in it that cannot be stored. */
const checkChange: ResultCheck = ([given]) => {
  const { id } = given as { id: string }
  return async (result) => {
    const { shaped } = await shapes()
    const change = shaped('change', result ?? given) as { id: string; create?: { id: string } }
    if (change.id !== id || (change.create && change.create.id !== id)) throw new Error('it changed the id of the session')
    refuseUnwritable(change)
    return change
  }
}

function refuseUnwritable(change: unknown): void {
  try {
    JSON.stringify(change)
  } catch {
    throw new Error('it returned a change that cannot be written as JSON')
  }
}

/** Of `asking`: the request. */
const checkRequest: ResultCheck =
  ([given]) =>
  async (result) =>
    (await shapes()).shaped('request', result ?? given)

/** Of `incomplete`. */
const checkBoolean: ResultCheck = () => (result) => {
  if (result === undefined || typeof result === 'boolean') return result
  throw expected('true, false or nothing', result)
}

/** Of `query`: a function, which runs under the same limits. */
const checkFunction: ResultCheck = (_, guarded) => (evaluate) => {
  if (evaluate === undefined) return undefined
  if (typeof evaluate !== 'function') throw expected('a function', evaluate)
  return (...args: unknown[]) => guarded(() => evaluate(...args))
}

/** Of `where`: a test of rows, whose answers are checked as well. */
const checkPredicate: ResultCheck = (_, guarded) => (test) => {
  if (test === undefined) return undefined
  if (typeof test !== 'function') throw expected('a function', test)
  return (rows: unknown[], signal: AbortSignal) =>
    guarded(async () => {
      const holds: unknown = await test(rows, signal)
      if (Array.isArray(holds) && holds.length === rows.length && holds.every((each) => typeof each === 'boolean')) return holds
      throw new Error(`its test returned ${shownValue(holds)}, expected true or false for each of ${rows.length} rows`)
    })
}

const STORE = [
  'idsWithPrefix',
  'values',
  'allIds',
  'get',
  'list',
  'count',
  'revision',
  'messages',
  'readMessages',
  'said',
  'save',
  'grow',
  'import',
  'close',
]

/** Of `store`: an object with the functions of a store, which may be methods of a class. */
const checkStore: ResultCheck = () => (result) => {
  if (result === undefined) return undefined
  if (typeof result !== 'object' || result === null) throw expected('a store', result)
  const store = result as Record<string, unknown>
  const absent = STORE.find((name) => typeof store[name] !== 'function')
  if (absent) throw new Error(`it returned a store without a function ${absent}`)
  const bound = STORE.map((name) => [name, (store[name] as (...args: unknown[]) => unknown).bind(store)])
  return { ...store, ...Object.fromEntries(bound) }
}

/** The check of the results of a hook's taps in external plugins. */
export const RESULT_CHECKS: Readonly<Record<string, ResultCheck | undefined>> = {
  saving: checkChange,
  asking: checkRequest,
  incomplete: checkBoolean,
  query: checkFunction,
  where: checkPredicate,
  store: checkStore,
}
