import type { FullTap } from 'tapable'
import type { LoadedPlugin } from '../contract/host.ts'
import { untilSettled } from './pending-promises.ts'
import { asPlugin, failureOf, titleOf } from './running-plugin.ts'
import { isThenable, refusePromise } from './thenable.ts'
import { withTimeLimit } from './time-limit.ts'

/** Rules for all taps of a hook. */
export interface HookRules {
  /** The taps only observe: a failure of an external plugin is a warning. */
  observes?: boolean
  /** The time limit for a tap of an external plugin, in milliseconds. */
  limit?: number
}

type Tap = (...args: unknown[]) => unknown

/** The default time limit in milliseconds for a tap of an external plugin. Long enough for a request to a server. */
const TAP_MS = 30_000

/** Wraps a tap of a synchronous hook. After a failure, the program no longer uses an external plugin. */
export function syncTap(name: string, tap: FullTap, owner: LoadedPlugin | undefined): Tap {
  const call: Tap = (...args) => {
    try {
      const result: unknown = asPlugin(owner, () => tap.fn(...args))
      if (isThenable(result)) refusePromise(result, 'it returned a promise, but this hook does not wait')
      const check = owner?.isolation?.check(name)?.(args, async (work) => work())
      return (check ? check(result ?? undefined) : result) ?? undefined
    } catch (error) {
      throw failureOf(owner ?? tap, `hook '${name}'`, error)
    }
  }
  const isolation = owner?.isolation
  return (...args) => {
    if (owner?.problem !== undefined) return undefined
    return isolation ? isolation.guard(name, () => call(...args)) : call(...args)
  }
}

/** Wraps a tap of an asynchronous hook. The wrapped tap returns a promise for each of tapable's three kinds of taps. */
export function asyncTap(name: string, tap: FullTap, owner: LoadedPlugin | undefined, rules: HookRules): Tap {
  const inner: Tap = tap.type === 'async' ? promised(tap.fn as Tap) : (tap.fn as Tap)
  const isolation = owner?.isolation
  const place = `hook '${name}'`
  if (!owner || !isolation) return (...args) => callTap(() => asPlugin(owner, () => inner(...args)), owner ?? tap, place)
  const guarded = <T>(work: () => T | Promise<T>) =>
    callTap(() => untilSettled(`${titleOf(owner)} in ${place}`, Promise.resolve(withTimeLimit(work)), rules.limit ?? TAP_MS), owner, place)
  let warned = false
  return async (...args) => {
    if (owner.problem !== undefined) return undefined
    try {
      const check = isolation.check(name)?.(args, guarded)
      const result = await guarded(() => asPlugin(owner, () => inner(...args)))
      return check ? await callTap(() => check(result ?? undefined), owner, place) : (result ?? undefined)
    } catch (error) {
      if (!rules.observes) throw error
      if (!warned) isolation.warn(failureOf(owner, place, error).message)
      warned = true
      return undefined
    }
  }
}

/** Runs code of a plugin. An error names the plugin and the place. */
async function callTap<T>(work: () => T | Promise<T>, owner: Pick<LoadedPlugin, 'name' | 'file'>, place: string): Promise<T> {
  try {
    return ((await work()) ?? undefined) as T
  } catch (error) {
    throw failureOf(owner, place, error)
  }
}

/** Converts a function with a callback to a function that returns a promise. */
const promised =
  (fn: Tap): Tap =>
  (...args) =>
    new Promise((resolve, reject) => {
      fn(...args, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)))
    })
