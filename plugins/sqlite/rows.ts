import {
  type Cost,
  isLocalOnly,
  isoTime,
  type Json,
  type Message,
  type NewMessage,
  type NewSession,
  parseJson,
  type Session,
  type Status,
  stringifyJson,
  type Usage,
} from 'ainative-code'
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

/** The value of the column `pinned` for a session's metadata: 1 or null. */
export const pinnedOf = ({ pinned }: Json) => (pinned === true ? 1 : null)

/** The value of the column `local_only` for a session's metadata: 1 or null. */
export const localOnlyOf = (metadata: Json) => (isLocalOnly(metadata) ? 1 : null)

/** Converts a session to a row of the table `sessions`. */
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
    pinned: pinnedOf(session.metadata),
    local_only: localOnlyOf(session.metadata),
    tags: JSON.stringify(session.tags),
    metadata: stringifyJson(session.metadata),
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

const keys = new WeakMap<Pick<Session, 'id'>, number>()

/**
 * The key of the row that a session was read from; undefined for other objects. Without these keys, an export spends 10 % of its time on
 * lookups by id.
 */
export const keyOf = (session: Pick<Session, 'id'>) => keys.get(session)

/** Converts a row of the table `sessions` to a session. */
export function fromSessionRow(row: Selectable<SessionRow>): Session {
  const session: Session = {
    id: row.id,
    title: readText(row.title),
    status: row.status as Status,
    provider: readOptionalText(row.provider),
    model: readOptionalText(row.model),
    tags: JSON.parse(row.tags),
    metadata: parseJson(row.metadata) as Json,
    message_count: row.message_count,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  }
  keys.set(session, row.pk)
  if (row.activated_at !== null) session.activated_at = isoTime(row.activated_at)
  if (row.deleted_at !== null) session.deleted_at = isoTime(row.deleted_at)
  if (row.parent_id !== null) session.parent_id = row.parent_id
  if (row.forked_message_id !== null) session.forked_message_id = row.forked_message_id
  if (row.origin !== null) session.origin = parseJson(row.origin) as Json
  if (row.extra !== null) session.extra = parseJson(row.extra) as Json
  return session
}

/** The values of a message for a prepared insert, in the order of MESSAGE_COLUMNS. */
export const messageValues = (session: number | bigint, seq: number, message: NewMessage): ValuesOf<Columns> => [
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
  message.first_token_ms ?? null,
  message.usage?.cache_write ?? null,
  message.usage?.cache_write_1h ?? null,
  message.usage?.web_searches ?? null,
  storeJson(message.cost),
  message.hidden ? 1 : null,
]

/** The columns of the table `messages` except `pk`, in the order of MessageValues. */
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
  'first_token_ms',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'web_searches',
  'cost',
  'hidden',
] as const satisfies (keyof MessageRow)[]

const HIDDEN = MESSAGE_COLUMNS.indexOf('hidden')

type Columns = typeof MESSAGE_COLUMNS
/** One value for each column, so that the compiler finds a missing one. */
type ValuesOf<C extends readonly unknown[]> = { -readonly [I in keyof C]: unknown }
/** A row of the table `messages` as an array in the order of MESSAGE_COLUMNS: better-sqlite3 creates arrays twice as fast as objects. */
export type MessageValues = {
  -readonly [I in keyof Columns]: Columns[I] extends keyof MessageRow ? Selectable<MessageRow>[Columns[I]] : never
}

/** Converts a row of the table `messages` to a message. */
export function fromMessageValues(row: MessageValues): Message {
  const message: Message = {
    id: readText(row[2]),
    seq: row[1],
    role: row[3] as Message['role'],
    content: readText(row[4]),
    timestamp: isoTime(row[15]),
  }
  if (row[6] !== null) message.provider = readText(row[6])
  if (row[7] !== null) message.model = readText(row[7])
  if (row[5] !== null) message.parts = parseJson(row[5]) as unknown[]
  const usage = usageOf(row)
  if (usage) message.usage = usage
  if (row[21] !== null) message.cost = parseJson(row[21]) as Cost
  if (row[12] !== null) message.latency_ms = row[12]
  if (row[17] !== null) message.first_token_ms = row[17]
  if (row[13] !== null) message.finish_reason = readText(row[13])
  if (row[14] !== 'complete') message.state = row[14] as 'partial' | 'error'
  if (row[HIDDEN] === 1) message.hidden = true
  if (row[16] !== null) message.extra = parseJson(row[16]) as Json
  return message
}

function usageOf(row: MessageValues): Usage | undefined {
  const usage: Usage = {}
  if (row[8] !== null) usage.input = row[8]
  if (row[9] !== null) usage.output = row[9]
  if (row[10] !== null) usage.cached = row[10]
  if (row[18] !== null) usage.cache_write = row[18]
  if (row[19] !== null) usage.cache_write_1h = row[19]
  if (row[11] !== null) usage.reasoning = row[11]
  if (row[20] !== null) usage.web_searches = row[20]
  for (const _ in usage) return usage
  return undefined
}
