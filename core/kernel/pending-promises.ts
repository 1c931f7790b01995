/** A promise that the program waits for. */
interface Wait {
  /** The owner of the promise, for messages. */
  title: string
  /** Stops waiting: rejects the promise that untilSettled() returned. */
  reject(): void
}

const waits = new Set<Wait>()

/** The titles of all promises that the program waits for. */
export const pendingTitles = (): string[] => [...waits].map(({ title }) => title)

/** Stops waiting for all promises. Called when nothing is left that could settle them. Returns true if the program waited for a promise. */
export function rejectPending(): boolean {
  const all = [...waits]
  for (const { reject } of all) reject()
  return all.length > 0
}

/** Waits for a promise that may never settle. Rejects after `ms` milliseconds, or as soon as nothing is left that could settle it. */
export async function untilSettled<T>(title: string, promise: PromiseLike<T>, ms?: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let wait: Wait | undefined
  const end = new Promise<never>((_, reject) => {
    wait = { title, reject: () => reject(new Error('its promise never settled')) }
    waits.add(wait)
    // unref, so that Node reports an empty event loop and rejectPending ends the wait at once.
    if (ms !== undefined) timer = setTimeout(() => reject(new Error(`it did not end within ${ms / 1000} s`)), ms).unref()
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    if (wait) waits.delete(wait)
  }
}
