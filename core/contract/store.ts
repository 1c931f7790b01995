import type { Expr, Plan } from './plan.ts'
import type { Json, Message, Session, Status } from './session.ts'
import type { Totals, TotalsRow } from './totals.ts'

/** The fields of a session that a change sets; null clears a field. Times are ISO 8601 UTC. */
export interface SessionFields {
  title: string
  status: Status
  provider: string | null
  model: string | null
  activated_at: string | null
  deleted_at: string | null
  parent_id: string | null
  forked_message_id: string | null
  origin: Json | null
}

/** A message before the store has numbered it. */
export type NewMessage = Omit<Message, 'seq'>
/** A session before it has messages. */
export type NewSession = Omit<Session, 'message_count'>

/** A patch of one session. It is never a whole session, so that two writers do not undo each other's changes. */
export interface Change {
  id: string
  /** Refuses the change unless the session is in use and still has these values. */
  expected?: Partial<Pick<Session, 'title' | 'tags' | 'metadata' | 'origin'>>
  create?: NewSession
  set?: Partial<SessionFields>
  addTags?: string[]
  removeTags?: string[]
  setMeta?: Json
  unsetMeta?: string[]
  append?: NewMessage[]
  /** Messages that replace the stored ones of the same ids; a message whose id is gone is appended. */
  replace?: NewMessage[]
  /** The ids of messages to remove; ids that are gone are ignored. */
  removeMessages?: string[]
  /** Messages, by id, to hide or to show again; ids that are gone are ignored. */
  setMessages?: { id: string; hidden: boolean }[]
  /** Removes the session and every trace of it from the store. */
  remove?: boolean
}

/** Which messages of a session to read. */
export interface MessageRange {
  skip?: number
  limit?: number
  /** Start at this seq, or at the next one if it is missing; not together with `skip`. */
  from?: number
  /** Start this many messages before `from`. */
  before?: number
  /** Leave out hidden messages. */
  visible?: boolean
}

/** The part of a message that a model is sent. */
export type Said = Pick<Message, 'id' | 'role' | 'content' | 'state'>

/** The text that a reply has gained since the last piece. */
export interface Piece {
  text?: string
  reasoning?: string
}

/** What an import does with a session that exists already. */
export type ImportMode = 'refuse' | 'skip' | 'merge'
/** The counts of a finished import: sessions by what happened to them, and messages that were added. */
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

/** Shows the progress of work that follows a commit; the signal stops that work early. */
export interface Watcher {
  progress(text: string): void
  signal: AbortSignal
}

/** An import in progress: invisible to every reader until commit, gone after abort. */
export interface Import {
  stage(session: NewSession, messages: NewMessage[]): Promise<void>
  /**
   * Shows all staged sessions at once. `parents` are those of sessions that were staged before their parent; a watcher sees the work
   * that follows, such as that on a search index.
   */
  commit(parents?: Parent[], watcher?: Watcher): Promise<ImportResult>
  abort(): Promise<void>
}

/** Fields whose values a store can list. */
export type ValueField = 'tag' | 'project' | 'provider' | 'model'

/** Where sessions are stored. */
export interface Store {
  /** The path or address of the data, for messages. */
  location: string
  /** The sessions (in use, or in the trash) whose id starts with this prefix; at most `limit`. */
  idsWithPrefix(prefix: string, trashed: boolean, limit: number): Promise<Pick<Session, 'id' | 'title'>[]>
  /** The values of a field among the sessions in use that start with this prefix, in order; at most `limit`. */
  values(field: ValueField, prefix: string, limit: number): Promise<string[]>
  allIds(): Promise<string[]>
  get(id: string): Promise<Session | undefined>
  list(plan: Plan): AsyncIterable<Session>
  count(where?: Expr): Promise<number>
  /** The answers to questions about many sessions, all from one state of the data. Optional: without it, the caller reads rows. */
  aggregate?(questions: Totals[], signal?: AbortSignal): Promise<TotalsRow[][]>
  /** A number that changes with every commit of another process or thread. Throws if `location` now holds another store. */
  revision(): Promise<number>
  /** A session's messages by seq, in pages of limited size. Fastest for a session that came from list or get. */
  messages(session: Pick<Session, 'id'>, range?: MessageRange): AsyncIterable<Message[]>
  /** All messages of a session by seq, read synchronously, for a caller that cannot wait; empty if the session is gone. */
  readMessages(id: string): Message[]
  /** The visible messages of a session in order, with only the fields that a model needs: three times as fast as `messages`. */
  said(session: Pick<Session, 'id'>): Promise<Said[]>
  /** Applies all of the changes, or none. */
  save(changes: Change[]): Promise<void>
  /**
   * Appends text to a partial message of a session, in constant time. Readers see the text at once; a later `replace` completes the
   * message. No hook sees it, since it happens several times a second.
   */
  grow(id: string, message: string, piece: Piece): Promise<void>
  import(mode: ImportMode): Promise<Import>
  close(): Promise<void>
}
