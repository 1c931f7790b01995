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
  /** When this machine last made the session the one to resume; never exported. */
  activated_at?: string
  /** Set while the session is in the trash. */
  deleted_at?: string
  parent_id?: string
  forked_message_id?: string
  origin?: Json
  /** Unknown fields of an import, kept for the next export. */
  extra?: Json
}

/** One message. `seq` counts from 1 within its session; it is an order, not an identity. */
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
  /** Present only where a provider or an imported tool reported it. */
  cost?: Cost
  /** Milliseconds from the request to the end of the reply. */
  latency_ms?: number
  /** Milliseconds from the request to the first token of the reply. */
  first_token_ms?: number
  finish_reason?: string
  /** Absent when complete. */
  state?: 'partial' | 'error'
  /** A hidden message is not sent to a model, not exported by default, and not found. */
  hidden?: true
  extra?: Json
}

/** A session with all of its messages, in order. */
export type Transcript = Session & { messages: Message[] }
