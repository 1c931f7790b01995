import { isCost, isoTime, isUsage, type Json, type NewMessage, type NewSession, STATUSES, type Status, utcTime } from 'ainative-code'
import { idFor } from './message-id.ts'

/** A valid message of a file. */
export interface RawMessage extends Json {
  role: NewMessage['role']
  content: string
  timestamp?: string
}

/** A valid session of a file. */
export interface RawSession extends Json {
  id: string
  title: string
  created_at?: string
  updated_at?: string
  metadata?: { tags?: string[] } & Json
  messages: RawMessage[]
}

const normalize = (time: string) => isoTime(utcTime(time) ?? Number.NaN)
const isText = (value: unknown): value is string => typeof value === 'string'
/** True if a value is a text that SQLite stores unchanged: not empty, and without lone surrogates. */
const isReference = (value: unknown): value is string => isText(value) && value !== '' && value.isWellFormed()
const hasFields = (extra: Json) => Object.keys(extra).length > 0

/** Returns a function that removes a field from `extra` and returns its value, if the value has the expected shape. */
function takeFrom(extra: Json) {
  return <T>(key: string, fits: (value: unknown) => value is T): T | undefined => {
    const value = Object.hasOwn(extra, key) ? extra[key] : undefined
    if (!fits(value)) return undefined
    delete extra[key]
    return value
  }
}

/** Converts a valid session of a file. `now` is the default creation time. */
export function toSession(raw: RawSession, now: string): { session: NewSession; messages: NewMessage[] } {
  const { id, title, created_at, updated_at, metadata = {}, messages, ...extra } = raw
  const { tags: metadataTags, ...keys } = metadata
  const take = takeFrom(extra)
  const dated = created_at ?? messages.find((message) => message.timestamp)?.timestamp
  const created = dated ?? now
  const status = take('status', (value): value is Status => STATUSES.includes(value as Status))
  const tags = metadataTags ?? take('tags', (value): value is string[] => Array.isArray(value) && value.every(isText)) ?? []
  const [provider, model] = ['provider', 'model'].map((key) => take(key, isText))
  const [parent_id, forked_message_id] = ['parent_id', 'forked_message_id'].map((key) => take(key, isReference))
  const origin = take('origin', (value): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value))
  for (const key of ['provider', 'model']) if (extra[key] === null) delete extra[key]
  for (const key of ['message_count', 'activated_at', 'deleted_at']) delete extra[key]
  const parsed = toMessages(id, messages, normalize(created), dated !== undefined)
  return {
    session: {
      id,
      title,
      status: status ?? 'active',
      provider: provider ?? null,
      model: model ?? null,
      tags: [...new Set(tags)],
      metadata: keys,
      created_at: normalize(created),
      updated_at: normalize(updated_at ?? parsed.at(-1)?.timestamp ?? created),
      ...(parent_id && { parent_id }),
      ...(forked_message_id && { forked_message_id }),
      ...(origin && { origin }),
      ...(hasFields(extra) && { extra }),
    },
    messages: parsed,
  }
}

/** Converts the messages of a session. `isDated` is true if `created`, the time of messages without one, is from the file. */
function toMessages(session: string, messages: RawMessage[], created: string, isDated: boolean): NewMessage[] {
  const ids = new Set<string>()
  return messages.map((raw) => {
    const message = toMessage(raw, created)
    if (ids.has(message.id)) {
      message.extra = { ...message.extra, id: message.id }
      message.id = ''
    }
    if (message.id === '') message.id = idFor(session, message, isDated ? message.timestamp : '', ids)
    ids.add(message.id)
    return message
  })
}

/** Converts a valid message of a file. The id is empty if the file has none. */
export function toMessage(raw: RawMessage, created: string): NewMessage {
  const { role, content, timestamp, ...extra } = raw
  if (!hasFields(extra)) return { id: '', role, content, timestamp: timestamp === undefined ? created : normalize(timestamp) }
  const take = takeFrom(extra)
  const id = take('id', (value): value is string => isText(value) && value !== '' && value.length <= 200)
  const provider = take('provider', isText)
  const model = take('model', isText)
  const parts = take('parts', (value): value is unknown[] => Array.isArray(value))
  const usage = take('usage', isUsage)
  const cost = take('cost', isCost)
  const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0
  const latency_ms = take('latency_ms', isTime)
  const first_token_ms = take('first_token_ms', isTime)
  const finish_reason = take('finish_reason', isText)
  const state = take('state', (value): value is 'partial' | 'error' => value === 'partial' || value === 'error')
  const hidden = take('hidden', (value) => value === true)
  return {
    id: id ?? '',
    role,
    content,
    timestamp: timestamp === undefined ? created : normalize(timestamp),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(parts && { parts }),
    ...(usage && { usage }),
    ...(cost && { cost }),
    ...(latency_ms !== undefined && { latency_ms }),
    ...(first_token_ms !== undefined && { first_token_ms }),
    ...(finish_reason !== undefined && { finish_reason }),
    ...(state && { state }),
    ...(hidden && { hidden }),
    ...(hasFields(extra) && { extra }),
  }
}
