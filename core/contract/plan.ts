/** The times of a session that a condition can compare. */
export type TimeField = 'created_at' | 'updated_at' | 'deleted_at' | 'activated_at'

/** A condition on one session: the only form of a filter that a store has to understand. Times are milliseconds UTC. */
export type Expr =
  | { and: Expr[] }
  | { or: Expr[] }
  | { not: Expr }
  | { field: 'id' | 'provider' | 'model' | 'status' | 'project'; is: string | null }
  | { ids: readonly string[] }
  | { tag: string }
  /** The title contains this text (case-insensitive). */
  | { titleHolds: string }
  | { title: string }
  /** The title or a message contains these words; the search decides how words match. */
  | { holds: string }
  | { time: TimeField; from?: number; before?: number }
  | { trashed: boolean }
  /** The metadata has `pinned: true`. */
  | { pinned: boolean }

/** The order of a list; see Plan. */
export type SortKey = 'date' | 'title' | 'messages' | 'activated' | 'updated' | 'deleted'

/**
 * A question to the store: which sessions, in which order, how many. Unless `reverse` is set, `date`, `activated`, `updated` and
 * `deleted` put the newest first, `title` goes from A to Z, and `messages` puts the most first.
 */
export interface Plan {
  where?: Expr
  sort?: SortKey
  reverse?: boolean
  limit?: number
}
