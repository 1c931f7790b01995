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
  /** Refuses the change if the session is in the trash or no longer has these values. */
  expected?: Partial<Pick<Session, 'title' | 'tags' | 'metadata' | 'origin'>>
  create?: NewSession
  set?: Partial<SessionFields>
  addTags?: string[]
  removeTags?: string[]
  setMeta?: Json
  unsetMeta?: string[]
  append?: NewMessage[]
  /** Messages that replace the stored messages with the same ids; a message whose id is not stored is appended. */
  replace?: NewMessage[]
  /** The ids of messages to remove; unknown ids are ignored. */
  removeMessages?: string[]
  /** Messages, by id, to hide or to show again; unknown ids are ignored. */
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

/** The parts of a message from which a request to a model is built. */
export type ModelMessage = Pick<Message, 'id' | 'role' | 'content' | 'state'>

/** The text that a reply has gained since the last piece. */
export interface Piece {
  text?: string
  reasoning?: string
}

/** The way in which an import handles a session that already exists. */
export type ImportMode = 'refuse' | 'skip' | 'merge'
/** The result of an import: the numbers of added, merged and skipped sessions, and the number of added messages. */
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

/** Shows the progress of work after a commit; the signal stops this work early. */
export interface Watcher {
  progress(text: string): void
  signal: AbortSignal
}

/** An import in progress: no reader sees its sessions before `commit`, and `abort` removes them. */
export interface Import {
  stage(session: NewSession, messages: NewMessage[]): Promise<void>
  /**
   * Makes all staged sessions visible at once. `parents` are the parents of sessions that were staged before their parent. The watcher
   * shows the progress of further work, such as the update of a search index.
   */
  commit(parents?: Parent[], watcher?: Watcher): Promise<ImportResult>
  abort(): Promise<void>
}

/** Fields whose values a store can list. */
export type ValueField = 'tag' | 'project' | 'provider' | 'model'

/** Stores sessions and their messages. */
export interface Store {
  /** The path or address of the data, for messages. */
  location: string
  /** The sessions, in the trash or outside of it, whose id starts with this prefix; at most `limit`. */
  idsWithPrefix(prefix: string, trashed: boolean, limit: number): Promise<Pick<Session, 'id' | 'title'>[]>
  /** The values of a field that start with this prefix, without sessions in the trash, in order; at most `limit`. */
  values(field: ValueField, prefix: string, limit: number): Promise<string[]>
  allIds(): Promise<string[]>
  get(id: string): Promise<Session | undefined>
  list(plan: Plan): AsyncIterable<Session>
  count(where?: Expr): Promise<number>
  /** The answers to questions about many sessions, all from one state of the data. Optional: without this function, the caller reads all rows. */
  aggregate?(questions: Totals[], signal?: AbortSignal): Promise<TotalsRow[][]>
  /** A number that changes with every commit of another process or thread. Throws if `location` now holds another store. */
  revision(): Promise<number>
  /** A session's messages by seq, in pages of limited size. Fastest for a session that came from list or get. */
  messages(session: Pick<Session, 'id'>, range?: MessageRange): AsyncIterable<Message[]>
  /** All messages of a session by seq, read synchronously, for a caller that cannot wait; empty if there is no such session. */
  readMessages(id: string): Message[]
  /** The visible messages of a session in order, with only the fields that a model needs: three times as fast as `messages`. */
  modelMessages(session: Pick<Session, 'id'>): Promise<ModelMessage[]>
  /** Applies all of the changes, or none. */
  save(changes: Change[]): Promise<void>
  /**
   * Appends text to a partial message of a session, in constant time. Readers see the text at once; a later `replace` completes the
   * message. No hook is called, because this happens several times a second.
   */
  grow(id: string, message: string, piece: Piece): Promise<void>
  import(mode: ImportMode): Promise<Import>
  close(): Promise<void>
}
