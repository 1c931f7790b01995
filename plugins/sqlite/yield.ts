/**
 * Waits until the event loop has handled pending events, such as Ctrl-C. better-sqlite3 is synchronous, so work that never waits for
 * anything else must call this function between its steps.
 */
export const yieldToEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
