import { isoTime, type Message, type NewMessage, type NewSession, type Session, type Status, type Usage } from 'ainative-code'
import type { Insertable, Selectable } from 'kysely'
import {
  foldTitle,
  type MessageRow,
  readOptionalText,
  readText,
  type SessionRow,
  storeJson,
  storeOptionalText,
  storeText,
} from './schema.ts'

const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null)

/** A session as the row of its table. */
export function toSessionRow(session: NewSession): Omit<Insertable<SessionRow>, 'staged' | 'message_count'> {
  const { project } = session.metadata
  return {
    id: session.id,
    title: storeText(session.title),
    title_key: foldTitle(session.title),
    status: session.status,
    provider: storeOptionalText(session.provider),
    model: storeOptionalText(session.model),
    project: storeOptionalText(typeof project === 'string' ? project : null),
    tags: JSON.stringify(session.tags),
    metadata: JSON.stringify(session.metadata),
    origin: storeJson(session.origin),
    extra: storeJson(session.extra),
    parent_id: session.parent_id ?? null,
    forked_message_id: session.forked_message_id ?? null,
    created_at: Date.parse(session.created_at),
    updated_at: Date.parse(session.updated_at),
    activated_at: time(session.activated_at),
    deleted_at: time(session.deleted_at),
  }
}

export function fromSessionRow(row: Selectable<SessionRow>): Session {
  const session: Session = {
    id: row.id,
    title: readText(row.title),
    status: row.status as Status,
    provider: readOptionalText(row.provider),
    model: readOptionalText(row.model),
    tags: JSON.parse(row.tags),
    metadata: JSON.parse(row.metadata),
    message_count: row.message_count,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  }
  if (row.activated_at !== null) session.activated_at = isoTime(row.activated_at)
  if (row.deleted_at !== null) session.deleted_at = isoTime(row.deleted_at)
  if (row.parent_id !== null) session.parent_id = row.parent_id
  if (row.forked_message_id !== null) session.forked_message_id = row.forked_message_id
  if (row.origin !== null) session.origin = JSON.parse(row.origin)
  if (row.extra !== null) session.extra = JSON.parse(row.extra)
  return session
}

/** The order of MESSAGE_COLUMNS, as values for one prepared insert. */
export const messageValues = (session: number | bigint, seq: number, message: NewMessage) => [
  session,
  seq,
  storeText(message.id),
  message.role,
  storeText(message.content),
  storeJson(message.parts),
  storeOptionalText(message.provider),
  storeOptionalText(message.model),
  message.usage?.input ?? null,
  message.usage?.output ?? null,
  message.usage?.cached ?? null,
  message.usage?.reasoning ?? null,
  message.latency_ms ?? null,
  storeOptionalText(message.finish_reason),
  message.state ?? 'complete',
  Date.parse(message.timestamp),
  storeJson(message.extra),
]

export const MESSAGE_COLUMNS = [
  'session',
  'seq',
  'id',
  'role',
  'content',
  'parts',
  'provider',
  'model',
  'input_tokens',
  'output_tokens',
  'cached_tokens',
  'reasoning_tokens',
  'latency_ms',
  'finish_reason',
  'state',
  'created_at',
  'extra',
] as const satisfies (keyof MessageRow)[]

export function fromMessageRow(row: Selectable<MessageRow>): Message {
  const message: Message = {
    id: readText(row.id),
    seq: row.seq,
    role: row.role as Message['role'],
    content: readText(row.content),
    timestamp: isoTime(row.created_at),
  }
  if (row.provider !== null) message.provider = readText(row.provider)
  if (row.model !== null) message.model = readText(row.model)
  if (row.parts !== null) message.parts = JSON.parse(row.parts)
  const usage = usageOf(row)
  if (usage) message.usage = usage
  if (row.latency_ms !== null) message.latency_ms = row.latency_ms
  if (row.finish_reason !== null) message.finish_reason = readText(row.finish_reason)
  if (row.state !== 'complete') message.state = row.state as 'partial' | 'error'
  if (row.extra !== null) message.extra = JSON.parse(row.extra)
  return message
}

function usageOf(row: Selectable<MessageRow>): Usage | undefined {
  const { input_tokens: input, output_tokens: output, cached_tokens: cached, reasoning_tokens: reasoning } = row
  if (input === null && output === null && cached === null && reasoning === null) return undefined
  return {
    ...(input !== null && { input }),
    ...(output !== null && { output }),
    ...(cached !== null && { cached }),
    ...(reasoning !== null && { reasoning }),
  }
}
