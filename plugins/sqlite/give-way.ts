/** How long a waiting writer may have to wait for the lock, in milliseconds. */
const PERIOD_MS = 1000
/** The time per period in which the lock is free, in milliseconds: then a waiting writer tries at least once; see `begin` in transaction.ts. */
const FREE_MS = 30

/**
 * Lets other processes write during a run of transactions, such as those that index an import. Between two of them, the lock may be free for
 * less than a millisecond, and a waiting writer would hardly ever find it free.
 */
export function createGiveWay() {
  let [start, end, free] = [0, 0, 0]
  return {
    /** Call this before each transaction. Waits if the lock was hardly free in this period. */
    async before(): Promise<void> {
      free += performance.now() - end
      if (performance.now() - start < PERIOD_MS) return
      if (free < FREE_MS) await new Promise((resolve) => setTimeout(resolve, FREE_MS))
      start = performance.now()
      free = 0
    },
    /** Call this after each transaction. */
    after(): void {
      end = performance.now()
    },
  }
}
