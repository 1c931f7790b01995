/** True if a value has a `then` function. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Throws an Error for a promise that nothing awaits. A later rejection of the promise is ignored. */
export function refusePromise(promise: PromiseLike<unknown>, message: string): never {
  promise.then(undefined, () => undefined)
  throw new Error(message)
}
