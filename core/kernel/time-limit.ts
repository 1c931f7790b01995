import vm from 'node:vm'
import { once } from './once.ts'
import { codeOf, interrupted } from './problem.ts'

/** How long a plugin may take to load, to apply, or to add what it brings. */
export const LIMIT_MS = 5000

const late = () => new Error(`it did not end within ${LIMIT_MS / 1000} s`)
const KEY = 'ainative-code bounded'
const shared = globalThis as unknown as Record<string, unknown>

const SCRIPT = once(() => new vm.Script(`globalThis[${JSON.stringify(KEY)}]()`))

/** Runs code that may never end: only vm can stop a loop. */
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

/** For a few seconds at most. */
export const bounded = <T>(run: () => T): T => inScript(run, { timeout: LIMIT_MS }, 'ERR_SCRIPT_EXECUTION_TIMEOUT', late)

/** Until Ctrl-C; in a thread, its end stops a loop. */
export const interruptible = <T>(run: () => T): T => inScript(run, { breakOnSigint: true }, 'ERR_SCRIPT_EXECUTION_INTERRUPTED', interrupted)

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
