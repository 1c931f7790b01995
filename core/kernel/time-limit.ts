import vm from 'node:vm'
import { once } from './once.ts'
import { codeOf, interrupted } from './problem.ts'

/** The time in milliseconds that a plugin has to load, to run `apply`, or to register its items. */
export const LIMIT_MS = 5000

const timeoutError = () => new Error(`it did not end within ${LIMIT_MS / 1000} s`)
const KEY = 'ainative-code bounded'
const shared = globalThis as unknown as Record<string, unknown>
const SCRIPT = once(() => new vm.Script(`globalThis[${JSON.stringify(KEY)}]()`))

/** Runs code that may loop forever. Only node:vm can stop a loop. Throws `why()` if node:vm stopped the code with the error code `stopped`. */
function inScript<T>(run: () => T, options: vm.RunningScriptOptions, stopped: string, why: () => Error): T {
  const before = shared[KEY]
  shared[KEY] = run
  try {
    return SCRIPT().runInThisContext(options) as T
  } catch (error) {
    throw codeOf(error) === stopped ? why() : error
  } finally {
    shared[KEY] = before
  }
}

/** Runs code for at most LIMIT_MS. Throws an Error after that. */
export const withTimeLimit = <T>(run: () => T): T => inScript(run, { timeout: LIMIT_MS }, 'ERR_SCRIPT_EXECUTION_TIMEOUT', timeoutError)

/** Runs code until it ends or Ctrl-C interrupts it. In a worker thread, the end of the thread stops the code. */
export const interruptible = <T>(run: () => T): T => inScript(run, { breakOnSigint: true }, 'ERR_SCRIPT_EXECUTION_INTERRUPTED', interrupted)

/** Waits for a promise for at most LIMIT_MS. Rejects after that. */
export async function settleInTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError()), LIMIT_MS)
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
  }
}
