import { stringifyJson } from 'ainative-code'
import type { Generated } from 'kysely'

/** Text as SQLite keeps it: UTF-8 where that is lossless, else a UTF-16LE blob. */
export type StoredText = string | Buffer

export const storeText = (text: string): StoredText => (text.isWellFormed() ? text : Buffer.from(text, 'utf16le'))
export const readText = (stored: StoredText): string => (typeof stored === 'string' ? stored : stored.toString('utf16le'))
const optional =
  <A, B>(convert: (value: A) => B) =>
  (value: A | null | undefined) =>
    value === null || value === undefined ? null : convert(value)
export const storeOptionalText = optional(storeText)
export const readOptionalText = optional(readText)
export const storeJson = optional((value: unknown) => stringifyJson(value))

/** What titles are searched and sorted by: case folded the Unicode way, composed. */
export const foldTitle = (title: string) => title.toWellFormed().normalize('NFC').toLowerCase().toUpperCase()

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
  /** 1 where the metadata has `pinned: true`, else null. */
  pinned: number | null
  /** The import under way that will show it; null for a session that is there. */
  staged: number | null
}

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
  /** 1 where it is hidden, else null. */
  hidden: number | null
}

/** What a process that may die was doing, so that another one can tell. */
export interface Owned {
  pid: number
  host: string
  beat_at: number
}

export interface Schema {
  sessions: SessionRow
  messages: MessageRow
  /** A tag beside its session's time, so that the newest of a tag are found by index. */
  session_tags: { tag: StoredText; created_at: number; session: number }
  imports: Owned & { pk: Generated<number> }
  /** A partial message that a process adds to. */
  replies: Owned & { message: number }
  /** What was added to it, in order. */
  chunks: { message: number; n: number; kind: 'text' | 'reasoning'; text: StoredText }
  migrations: { name: string; applied_at: number }
}
