import type { Named } from './registry.ts'
import type { Json } from './session.ts'
import type { Watcher } from './store.ts'

/** A JSONata function: called as `$name(…)` with plain values. */
export interface QueryFunction extends Named {
  summary?: string
  /** A signature in JSONata's syntax, such as `<s-:n>`. */
  signature?: string
  /** Called in the main process before a query that names the function. The query itself runs in a process that only reads. */
  prepare?(watcher: Watcher): Promise<void>
  call(...args: unknown[]): unknown
}

/** Returns for each session row whether the condition holds. Throws a Problem if the condition is not a boolean. */
export type Predicate = (rows: Json[], signal: AbortSignal) => Promise<boolean[]>

/** Evaluates an expression over data in its JSON form; undefined if nothing matches. */
export type Evaluate = (data: unknown, signal: AbortSignal) => Promise<unknown>
