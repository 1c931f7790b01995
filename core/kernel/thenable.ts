/** Whether a value can be awaited. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Throws for a promise where nobody waits for one; its own failure is not reported as well. */
export function refusePromise(promise: PromiseLike<unknown>, message: string): never {
  promise.then(undefined, () => undefined)
  throw new Error(message)
}
