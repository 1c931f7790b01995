/** How long a test waits for what must happen, in milliseconds. A busy machine makes it late, not wrong. */
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000)

const PAUSE = 20

type Maybe<T> = T | undefined | false

/** Waits until `ready` gives a value, and gives it; fails with what was waited for. */
export async function until<T>(what: string | (() => string), ready: () => Maybe<T> | Promise<Maybe<T>>): Promise<T> {
  // Counted in pauses, so that time in which this process got no turn does not count.
  for (let left = PATIENCE; left > 0; left -= PAUSE) {
    const found = await ready()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  throw new Error(`${typeof what === 'string' ? what : what()} did not come in time`)
}
