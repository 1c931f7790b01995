/** A pause for a long loop: undefined, or once in so many milliseconds a promise that lets the event loop run, so that a signal is heard. */
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
