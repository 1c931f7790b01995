/** The longest run of transactions without a pause, in milliseconds. */
const LONGEST_RUN_MS = 1000
/** A pause in which every waiting writer tries at least once, in milliseconds; see `begin` in transaction.ts. */
const PAUSE_MS = 30

/**
 * Lets other processes write during a run of transactions, such as those of an import. Between two of them, the lock is free for less than
 * a millisecond, and a waiting writer would hardly ever find it free.
 */
export function createGiveWay() {
  let start = 0
  let end = 0
  return {
    /** Call this before each transaction. Waits if the run has become too long. */
    async before(): Promise<void> {
      const now = Date.now()
      const isRun = now - end < PAUSE_MS
      if (isRun && now - start < LONGEST_RUN_MS) return
      if (isRun) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      start = Date.now()
    },
    /** Call this after each transaction. */
    after(): void {
      end = Date.now()
    },
  }
}
