/**
 * Returns a function to call in a long loop. Once every `ms` milliseconds, the function returns a promise that lets the event loop
 * handle signals; otherwise undefined.
 */
export function createPace(ms: number): () => Promise<void> | undefined {
  let last = Date.now()
  return () => {
    if (Date.now() - last < ms) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        last = Date.now()
        resolve()
      }),
    )
  }
}
