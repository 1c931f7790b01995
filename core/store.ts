import type { Json, Message, Session, Status } from './session.ts'
import type { Totals, TotalsRow } from './totals.ts'

export type TimeField = 'created_at' | 'updated_at' | 'deleted_at' | 'activated_at'

/** A condition on one session, in the only form that a store has to understand. Times are milliseconds UTC. */
export type Expr =
  | { and: Expr[] }
  | { or: Expr[] }
  | { not: Expr }
  | { field: 'id' | 'provider' | 'model' | 'status' | 'project'; is: string | null }
  | { ids: readonly string[] }
  | { tag: string }
  /** The title holds this text, case aside. */
  | { titleHolds: string }
  | { title: string }
  /** Its title or one of its messages holds these words; which they may be is up to the search. */
  | { holds: string }
  | { time: TimeField; from?: number; before?: number }
  | { trashed: boolean }
  /** Its metadata has `pinned: true`. */
  | { pinned: boolean }

export type SortKey = 'date' | 'title' | 'messages' | 'activated' | 'updated' | 'deleted'

/** What a store is asked for: which sessions, in which order, how many. Natural order: newest, A to Z, most messages, last activated, last updated, last deleted. */
export interface Plan {
  where?: Expr
  sort?: SortKey
  reverse?: boolean
  limit?: number
}

/** What a save sets directly; null empties. Times are ISO. */
export interface SessionFields {
  title: string
  status: Status
  provider: string | null
  model: string | null
  activated_at: string | null
  deleted_at: string | null
  parent_id: string | null
  forked_message_id: string | null
}

/** A message before a store gave it its place. */
export type NewMessage = Omit<Message, 'seq'>
export type NewSession = Omit<Session, 'message_count'>

/** A patch of one session; never a whole one, so that two writers do not undo each other. */
export interface Change {
  id: string
  /** Refuses the change unless the session is in use and still has these values. */
  expected?: Partial<Pick<Session, 'title' | 'tags' | 'metadata'>>
  create?: NewSession
  set?: Partial<SessionFields>
  addTags?: string[]
  removeTags?: string[]
  setMeta?: Json
  unsetMeta?: string[]
  append?: NewMessage[]
  /** Messages that take the place of those of their ids; where one is gone, they come last. */
  replace?: NewMessage[]
  /** The ids of messages to take out, of those that are still there. */
  removeMessages?: string[]
  /** Messages, by id, to hide or to show again; those that are gone are left out. */
  setMessages?: { id: string; hidden: boolean }[]
  /** Takes the session and every trace of it out of the store. */
  remove?: boolean
}

/** Which messages of a session to read. */
export interface MessageRange {
  skip?: number
  limit?: number
  /** Begin at this seq, or at the next one where it is missing; not together with `skip`. */
  from?: number
  /** Begin so many messages before `from`. */
  before?: number
  /** Leave out hidden messages. */
  visible?: boolean
}

/** A message as a model is told it. */
export type Said = Pick<Message, 'id' | 'role' | 'content' | 'state'>

/** What came of a reply since the last piece. */
export interface Piece {
  text?: string
  reasoning?: string
}

export type ImportMode = 'refuse' | 'skip' | 'merge'
export interface ImportResult {
  added: number
  merged: number
  skipped: number
  messages: number
}

/** The session from which the session `id` was forked, and the last message that both share. */
export interface Parent {
  id: string
  parent_id: string
  forked_message_id?: string
}

/** Shows how far work that follows a commit is; the signal ends it early. */
export interface Watcher {
  progress(text: string): void
  signal: AbortSignal
}

/** An import under way: invisible to every reader until commit, gone after abort. */
export interface Import {
  stage(session: NewSession, messages: NewMessage[]): Promise<void>
  /**
   * Shows all staged sessions at once. `parents` are those of sessions that were staged before their parent; a watcher sees the work
   * that follows, such as that on a search index.
   */
  commit(parents?: Parent[], watcher?: Watcher): Promise<ImportResult>
  abort(): Promise<void>
}

/** Fields whose values a store can tell. */
export type ValueField = 'tag' | 'project' | 'provider' | 'model'

export interface Store {
  /** Where the data lies, for people. */
  location: string
  /** The sessions in use, or those in the trash, whose id begins with this prefix; at most `limit`. */
  idsWithPrefix(prefix: string, trashed: boolean, limit: number): Promise<Pick<Session, 'id' | 'title'>[]>
  /** The values of a field among the sessions in use that begin with this prefix, in order; at most `limit`. */
  values(field: ValueField, prefix: string, limit: number): Promise<string[]>
  allIds(): Promise<string[]>
  get(id: string): Promise<Session | undefined>
  list(plan: Plan): AsyncIterable<Session>
  count(where?: Expr): Promise<number>
  /** The answers to questions about many sessions, all of one state of the data; absent where the store cannot tell, so that rows are read. */
  aggregate?(questions: Totals[], signal?: AbortSignal): Promise<TotalsRow[][]>
  /** Another number after every commit of another process or thread; an error where another store is now at `location`. */
  revision(): Promise<number>
  /** A session's messages by seq, in pages that do not fill the memory. Quickest for a session that came from list or get. */
  messages(session: Pick<Session, 'id'>, range?: MessageRange): AsyncIterable<Message[]>
  /** All messages of a session by seq, read synchronously, for a caller that cannot wait; none where the session is gone. */
  readMessages(id: string): Message[]
  /** All that was said in a session, in order, without hidden messages: enough to ask a model, in a third of the time. */
  said(session: Pick<Session, 'id'>): Promise<Said[]>
  /** All of the changes, or none. */
  save(changes: Change[]): Promise<void>
  /**
   * Adds to a partial message of a session, in constant time: it is read with it at once, and a replace makes it whole. It goes through
   * no hook, since it happens several times a second.
   */
  grow(id: string, message: string, piece: Piece): Promise<void>
  import(mode: ImportMode): Promise<Import>
  close(): Promise<void>
}
