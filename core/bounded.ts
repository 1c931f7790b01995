import vm from 'node:vm'
import { once } from './once.ts'
import { codeOf, interrupted } from './problem.ts'

/** How long a plugin may take to load, to apply, or to add what it brings. */
export const LIMIT_MS = 5000

const late = () => new Error(`it did not end within ${LIMIT_MS / 1000} s`)
const KEY = 'ainative-code bounded'
const shared = globalThis as unknown as Record<string, unknown>

/** Runs code that may never end: only vm can stop a loop. */
export function bounded<T>(run: () => T): T {
  const before = shared[KEY]
  shared[KEY] = run
  try {
    return SCRIPT().runInThisContext({ timeout: LIMIT_MS }) as T
  } catch (error) {
    throw codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? late() : error
  } finally {
    shared[KEY] = before
  }
}

/** Runs a plugin's code so that Ctrl-C ends a loop in it; in a thread its end does. */
export function interruptible<T>(run: () => T): T {
  const before = shared[KEY]
  shared[KEY] = run
  try {
    return SCRIPT().runInThisContext({ breakOnSigint: true }) as T
  } catch (error) {
    throw codeOf(error) === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' ? interrupted() : error
  } finally {
    shared[KEY] = before
  }
}

const SCRIPT = once(() => new vm.Script(`globalThis[${JSON.stringify(KEY)}]()`))

/** Waits for something that may never settle. */
export async function settled<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), LIMIT_MS)
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
  }
}
