/** A promise that is waited for: whose it is, and how to give it up. */
interface Wait {
  title: string
  giveUp(): void
}

const waits = new Set<Wait>()

/** The titles of the promises that are waited for. */
export const pendingTitles = (): string[] => [...waits].map(({ title }) => title)

/** Gives up every promise that is waited for, when nothing is left that could settle it. Tells whether there was one. */
export function giveUpPending(): boolean {
  const all = [...waits]
  for (const { giveUp } of all) giveUp()
  return all.length > 0
}

/** Waits for a promise of code that may never settle it: at most so many milliseconds, and not once nothing is left to settle it. */
export async function untilSettled<T>(title: string, promise: PromiseLike<T>, ms?: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let wait: Wait | undefined
  const end = new Promise<never>((_, reject) => {
    wait = { title, giveUp: () => reject(new Error('its promise never settled')) }
    waits.add(wait)
    // Without a reference: where nothing else is left, the wait is given up at once.
    if (ms !== undefined) timer = setTimeout(() => reject(new Error(`it did not end within ${ms / 1000} s`)), ms).unref()
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    if (wait) waits.delete(wait)
  }
}
