/** Isolates an external plugin: its failures are reported, not propagated. */
export interface Isolation {
  /** Runs the plugin's part of a hook with a time limit. After a failure, the program warns and no longer uses the plugin. */
  guard<T>(hook: string, run: () => T): T | undefined
  /** Validates an item that the plugin adds, and names the plugin in each failure of its functions. */
  wrap<T extends object>(kind: string, item: T): T
  /** The check of the results of this hook's taps. */
  check(hook: string): ResultCheck | undefined
  warn(text: string): void
}

/** Runs more of a plugin's code with the same limits and with the plugin's name in its failures. */
export type RunGuarded = <T>(work: () => T | Promise<T>) => Promise<T>

/** Checks one tap of a hook. Called with the tap's arguments before it runs, then with its result; returns the result to use. */
export type ResultCheck = (args: readonly unknown[], guarded: RunGuarded) => (result: unknown) => unknown
