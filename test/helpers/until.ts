/** The maximum time that a test waits for an event, in milliseconds. It is long, because a busy machine delays events. */
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000)

const PAUSE = 20

type Maybe<T> = T | undefined | false

/** Polls `ready` until it returns a value, and returns the value. Throws an error that names `what` after the maximum time. */
export async function until<T>(what: string | (() => string), ready: () => Maybe<T> | Promise<Maybe<T>>): Promise<T> {
  // Count pauses instead of time, so that time in which this process is not scheduled does not count.
  for (let left = PATIENCE; left > 0; left -= PAUSE) {
    const found = await ready()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  throw new Error(`${typeof what === 'string' ? what : what()} did not come in time`)
}
