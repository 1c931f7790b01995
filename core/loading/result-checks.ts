import type { ResultCheck } from '../contract/isolation.ts'
import { describeValue, unexpectedResult } from './unexpected-result.ts'

// Imported when an external plugin taps `saving` or `asking`, because building these schemas takes time at a start.
const schemas = () => import('./result-schemas.ts')

/** Check of `saving`: a change of the same session that can be serialized as JSON. */
const checkChange: ResultCheck = ([before]) => {
  const { id } = before as { id: string }
  return async (result) => {
    const { parseResult } = await schemas()
    const change = parseResult('change', result ?? before) as { id: string; create?: { id: string } }
    if (change.id !== id || (change.create && change.create.id !== id)) throw new Error('changed the session id')
    assertJson(change)
    return change
  }
}

function assertJson(change: unknown): void {
  try {
    JSON.stringify(change)
  } catch {
    throw new Error('returned a change that cannot be serialized as JSON')
  }
}

/** Check of `asking`: a request. */
const checkRequest: ResultCheck =
  ([before]) =>
  async (result) =>
    (await schemas()).parseResult('request', result ?? before)

/** Check of `incomplete`: a boolean or undefined. */
const checkBoolean: ResultCheck = () => (result) => {
  if (result === undefined || typeof result === 'boolean') return result
  throw unexpectedResult('a boolean or undefined', result)
}

/** Check of `query`: a function, which runs with the same limits. */
const checkFunction: ResultCheck = (_, guarded) => (evaluate) => {
  if (evaluate === undefined) return undefined
  if (typeof evaluate !== 'function') throw unexpectedResult('a function', evaluate)
  return (...args: unknown[]) => guarded(() => evaluate(...args))
}

/** Check of `where`: a predicate, whose results are checked too. */
const checkPredicate: ResultCheck = (_, guarded) => (predicate) => {
  if (predicate === undefined) return undefined
  if (typeof predicate !== 'function') throw unexpectedResult('a function', predicate)
  return (rows: unknown[], signal: AbortSignal) =>
    guarded(async () => {
      const holds: unknown = await predicate(rows, signal)
      if (Array.isArray(holds) && holds.length === rows.length && holds.every((each) => typeof each === 'boolean')) return holds
      throw new Error(`the predicate returned ${describeValue(holds)}, expected a boolean for each of ${rows.length} rows`)
    })
}

/** The functions of a store. */
const STORE_FUNCTIONS = [
  'idsWithPrefix',
  'values',
  'allIds',
  'get',
  'list',
  'count',
  'revision',
  'messages',
  'readMessages',
  'modelMessages',
  'save',
  'grow',
  'import',
  'close',
]

/** Check of `store`: an object with all functions of a store; they may be methods of a class. */
const checkStore: ResultCheck = () => (result) => {
  if (result === undefined) return undefined
  if (typeof result !== 'object' || result === null) throw unexpectedResult('a store', result)
  const store = result as Record<string, unknown>
  const missing = STORE_FUNCTIONS.find((name) => typeof store[name] !== 'function')
  if (missing) throw new Error(`returned a store without the function ${missing}`)
  const bound = STORE_FUNCTIONS.map((name) => [name, (store[name] as (...args: unknown[]) => unknown).bind(store)])
  return { ...store, ...Object.fromEntries(bound) }
}

/** Checks the words of a command, of `line` and `start`. */
const checkWords: ResultCheck = () => (result) => {
  if (result === undefined) return undefined
  if (Array.isArray(result) && result.length > 0 && result.every((word) => typeof word === 'string')) return result
  throw unexpectedResult('the words of a command', result)
}

/** Check of `missing`: a list of sessions. */
const checkFound: ResultCheck = () => (result) => {
  const isFound = (each: unknown) => {
    const { id, title } = (each ?? {}) as Record<string, unknown>
    return typeof id === 'string' && typeof title === 'string'
  }
  if (result === undefined || (Array.isArray(result) && result.every(isFound))) return result
  throw unexpectedResult('a list of { id, title }', result)
}

/** The checks of the results of external plugins' taps, by hook. */
export const RESULT_CHECKS: Readonly<Record<string, ResultCheck | undefined>> = {
  saving: checkChange,
  asking: checkRequest,
  incomplete: checkBoolean,
  query: checkFunction,
  where: checkPredicate,
  line: checkWords,
  start: checkWords,
  store: checkStore,
  missing: checkFound,
}
