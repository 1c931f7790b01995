import type { Json, Message, Role, Session, Status } from '../contract/session.ts'
import { nearestNumbers } from './exact-number.ts'

/** The states of a session. */
export const STATUSES = ['active', 'paused', 'archived'] as const satisfies readonly Status[]
/** The roles of a message. */
export const ROLES = ['system', 'user', 'assistant', 'tool'] as const satisfies readonly Role[]

const DAY_MS = 86_400_000
let day = { start: Number.NaN, text: '' }
const two = (value: number) => (value < 10 ? `0${value}` : `${value}`)

/**
 * Formats milliseconds as ISO 8601 UTC, without a fraction of zero. Caches the text of the last day, since most times are close together.
 */
export function isoTime(ms: number): string {
  const start = Math.floor(ms / DAY_MS) * DAY_MS
  if (start !== day.start) day = { start, text: new Date(ms).toISOString().slice(0, -13) }
  const rest = ms - start
  const fraction = rest % 1000
  const seconds = (rest - fraction) / 1000
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${day.text}${clock}${fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`}Z`
}

const own = (fields: object, extra?: Json): Json => {
  if (!extra) return fields as Json
  const out = { ...fields } as Json
  for (const [key, value] of Object.entries(extra)) {
    if (!Object.hasOwn(out, key) || out[key] === null)
      Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return out
}

/** Adds the fraction to a time of isoTime, so that the order of such times as text is the order in time. */
export const rowTime = (iso: string) => (iso.endsWith('Z') && !iso.includes('.') ? `${iso.slice(0, -1)}.000Z` : iso)

/** The fields that each row of a session has, in their order. */
export const ROW_FIELDS = ['id', 'title', 'status', 'provider', 'model', 'tags', 'metadata', 'message_count', 'created_at', 'updated_at']
/** The fields that some rows of sessions have. */
export const OPTIONAL_ROW_FIELDS = ['activated_at', 'deleted_at', 'parent_id', 'forked_message_id', 'origin']

/** Returns the row of a session in a list: the fields of every session, then optional fields, then unknown fields. */
export function sessionRow(session: Session): Json {
  const { id, title, status, provider, model, tags, metadata, message_count, extra, ...rest } = session
  const { created_at, updated_at, activated_at, deleted_at, ...optional } = rest
  const row: Json = { id, title, status, provider, model, tags, metadata, message_count }
  row.created_at = rowTime(created_at)
  row.updated_at = rowTime(updated_at)
  if (activated_at !== undefined) row.activated_at = rowTime(activated_at)
  if (deleted_at !== undefined) row.deleted_at = rowTime(deleted_at)
  return own(Object.assign(row, optional), extra)
}

/** Returns the session for queries, predicates and scripts: its row, with the nearest number for each ExactNumber. */
export const queryRow = (session: Session): Json => nearestNumbers(sessionRow(session))

/** Returns the message for queries and scripts. */
export function messageRow(message: Message): Json {
  const { role, content, timestamp, extra, ...optional } = message
  return nearestNumbers(own({ role, content, timestamp: rowTime(timestamp), ...optional }, extra))
}

const OPTIONAL = [
  'provider',
  'model',
  'parts',
  'usage',
  'cost',
  'latency_ms',
  'first_token_ms',
  'finish_reason',
  'state',
  'hidden',
] as const

/**
 * Returns the exported form of a message: role, content, timestamp, id, then optional fields. An invalid imported id is exported unchanged.
 */
export function messageJson(message: Message): Json {
  const { role, content, timestamp, id, extra } = message
  const json: Json = { role, content, timestamp, id: extra && Object.hasOwn(extra, 'id') ? extra.id : id }
  for (const key of OPTIONAL) if (message[key] !== undefined) json[key] = message[key]
  return extra ? own(json, extra) : json
}

/** Returns the exported form of a session: the fields before its messages, and the optional fields after them. */
export function sessionJson(session: Session): { head: Json; tail: Json } {
  const { id, title, created_at, updated_at, provider, model, tags, metadata, status, parent_id, forked_message_id, origin, extra } =
    session
  // An imported provider or model that is not a name is kept as an unknown field.
  const head = {
    id,
    title,
    created_at,
    updated_at,
    provider: provider ?? extra?.provider ?? null,
    model: model ?? extra?.model ?? null,
    metadata: own({ tags }, metadata),
  }
  const optional = {
    ...(status !== 'active' && { status }),
    ...(parent_id && { parent_id }),
    ...(forked_message_id && { forked_message_id }),
    ...(origin && { origin }),
  }
  const tail = own(optional, extra)
  for (const key of [...Object.keys(head), 'messages']) delete tail[key]
  return { head, tail }
}
