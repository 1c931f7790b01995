import { stringifyJson } from 'ainative-code'
import type { Generated } from 'kysely'

/** Text in the database: a string, or a UTF-16LE blob for text with lone surrogates, which UTF-8 cannot represent. */
export type StoredText = string | Buffer

/** Converts text to its form in the database. */
export const storeText = (text: string): StoredText => (text.isWellFormed() ? text : Buffer.from(text, 'utf16le'))
/** Converts text from its form in the database. */
export const readText = (stored: StoredText): string => (typeof stored === 'string' ? stored : stored.toString('utf16le'))
const optional =
  <A, B>(convert: (value: A) => B) =>
  (value: A | null | undefined) =>
    value === null || value === undefined ? null : convert(value)
/** Like storeText; null for null and undefined. */
export const storeOptionalText = optional(storeText)
/** Like readText; null for null. */
export const readOptionalText = optional(readText)
/** Converts a value to JSON; null for null and undefined. */
export const storeJson = optional((value: unknown) => stringifyJson(value))

/** Computes the key by which titles are searched and sorted: composed (NFC) and case-folded. */
export const foldTitle = (title: string) => title.toWellFormed().normalize('NFC').toLowerCase().toUpperCase()

/** A row of the table `sessions`. Times are milliseconds UTC. */
export interface SessionRow {
  pk: Generated<number>
  id: string
  title: StoredText
  title_key: string
  status: string
  provider: StoredText | null
  model: StoredText | null
  project: StoredText | null
  tags: string
  metadata: string
  origin: string | null
  extra: string | null
  parent_id: string | null
  forked_message_id: string | null
  message_count: number
  created_at: number
  updated_at: number
  activated_at: number | null
  deleted_at: number | null
  /** 1 if the metadata has `pinned: true`, else null. */
  pinned: number | null
  /** 1 if the metadata has `sync: 'local-only'`, else null. */
  local_only: number | null
  /** The key of the unfinished import that staged this session; null for a visible session. */
  staged: number | null
}

/** A row of the table `messages`. Times are milliseconds UTC. */
export interface MessageRow {
  pk: Generated<number>
  session: number
  seq: number
  id: StoredText
  role: string
  content: StoredText
  parts: string | null
  provider: StoredText | null
  model: StoredText | null
  input_tokens: number | null
  output_tokens: number | null
  cached_tokens: number | null
  reasoning_tokens: number | null
  cache_write_tokens: number | null
  cache_write_1h_tokens: number | null
  web_searches: number | null
  cost: string | null
  latency_ms: number | null
  first_token_ms: number | null
  finish_reason: StoredText | null
  state: string
  created_at: number
  extra: string | null
  /** 1 if the message is hidden, else null. */
  hidden: number | null
}

/** The last heartbeat of a process, by which other processes detect that the process died. `beat_at` is milliseconds UTC. */
export interface Heartbeat {
  pid: number
  host: string
  beat_at: number
}

/** The tables of this plugin. */
export interface Schema {
  sessions: SessionRow
  messages: MessageRow
  /** The tags of sessions. The time of the session is in the key, so that the newest sessions of a tag are found by index. */
  session_tags: { tag: StoredText; created_at: number; session: number }
  imports: Heartbeat & { pk: Generated<number> }
  /** The partial messages to which a process appends. */
  replies: Heartbeat & { message: number }
  /** The pieces of partial messages, in order of `n`. */
  chunks: { message: number; n: number; kind: 'text' | 'reasoning'; text: StoredText }
  migrations: { name: string; applied_at: number }
}
