import type { Json, Message, Role, Session, Status } from '../contract/session.ts'
import { nearestNumbers } from './exact-number.ts'

/** The states of a session. */
export const STATUSES = ['active', 'paused', 'archived'] as const satisfies readonly Status[]
/** The roles of a message. */
export const ROLES = ['system', 'user', 'assistant', 'tool'] as const satisfies readonly Role[]

const DAY_MS = 86_400_000
let day = { start: Number.NaN, text: '' }
const two = (value: number) => (value < 10 ? `0${value}` : `${value}`)

/** Milliseconds to ISO 8601 UTC, with a fraction only where it is not zero. Keeps the last day's text: most times are near each other. */
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

/** An ISO time of isoTime with three digits of a second, always: among such times the order as text is the order in time. */
export const rowTime = (iso: string) => (iso.endsWith('Z') && !iso.includes('.') ? `${iso.slice(0, -1)}.000Z` : iso)

/** The row of a list: the list fields first, then optional ones, then unknown ones. */
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

/** The session as queries, predicates and scripts see it: its row, with JavaScript's nearest number for each ExactNumber. */
export const queryRow = (session: Session): Json => nearestNumbers(sessionRow(session))

/** The message as queries and scripts see it. */
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

/** The guide's message: role, content, timestamp, then optional fields. An imported id that is no usable text is exported as it was. */
export function messageJson(message: Message): Json {
  const { role, content, timestamp, id, extra } = message
  const json: Json = { role, content, timestamp, id: extra && Object.hasOwn(extra, 'id') ? extra.id : id }
  for (const key of OPTIONAL) if (message[key] !== undefined) json[key] = message[key]
  return extra ? own(json, extra) : json
}

/** The guide's session up to its messages, and the optional fields that stand after them. */
export function sessionJson(session: Session): { head: Json; tail: Json } {
  const { id, title, created_at, updated_at, provider, model, tags, metadata, status, parent_id, forked_message_id, origin, extra } =
    session
  // Of another shape than a name, these two are kept as unknown fields.
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
