import type { Cost, Usage } from './usage.ts'

/** An object of a JSON text. */
export type Json = Record<string, unknown>

/** The state of a session. */
export type Status = 'active' | 'paused' | 'archived'

/** The author of a message. */
export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** A conversation without its messages. Times are ISO 8601 UTC; optional members are absent rather than null. */
export interface Session {
  id: string
  title: string
  status: Status
  provider: string | null
  model: string | null
  tags: string[]
  metadata: Json
  message_count: number
  created_at: string
  updated_at: string
  /** The time at which this machine last activated the session; `chat --resume` continues the latest one. Never exported. */
  activated_at?: string
  /** Set while the session is in the trash. */
  deleted_at?: string
  parent_id?: string
  forked_message_id?: string
  origin?: Json
  /** Unknown fields of an import, kept for the next export. */
  extra?: Json
}

/** One message. `seq` is its position in the session, from 1; `id` identifies the message. */
export interface Message {
  id: string
  seq: number
  role: Role
  content: string
  timestamp: string
  provider?: string
  model?: string
  parts?: unknown[]
  usage?: Usage
  /** Present only if a provider or an imported tool reported the cost. */
  cost?: Cost
  /** Milliseconds from the request to the end of the reply. */
  latency_ms?: number
  /** Milliseconds from the request to the first token of the reply. */
  first_token_ms?: number
  finish_reason?: string
  /** Absent for a complete message. */
  state?: 'partial' | 'error'
  /** True for a hidden message, which is not sent to a model, not exported by default, and not found by a search. */
  hidden?: true
  extra?: Json
}

/** A session with all of its messages, in order. */
export type Transcript = Session & { messages: Message[] }
