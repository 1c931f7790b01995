/**
 * Creates a pause for a long loop: once in `ms` milliseconds it returns a promise that lets the event loop handle signals, else undefined.
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
