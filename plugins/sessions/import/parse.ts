import {
  isCost,
  isoTime,
  isTooDeep,
  isUsage,
  type Json,
  MAX_DEPTH,
  type NewMessage,
  type NewSession,
  newMessageId,
  ROLES,
  SESSION_ID,
  STATUSES,
  type Status,
  Title,
  utcTime,
} from 'ainative-code'
import * as z from 'zod'

const A_TIME = 'expected an ISO 8601 time such as 2024-01-15T10:30:00Z'
const Time = z.string(A_TIME).refine((text) => utcTime(text) !== undefined, A_TIME)

/** The error of a value that is missing or has another shape. */
const given = (expected: string) => ({ error: (issue: { input?: unknown }) => (issue.input === undefined ? 'required' : expected) })

const MessageInput = z.object({
  role: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`),
  content: z.string(given('expected text')),
  timestamp: Time.optional(),
})

const SessionInput = z.object(
  {
    id: z.string(given('expected text')).regex(SESSION_ID, 'expected 12 characters of 0-9 and a-z'),
    title: z.string(given('expected text')).pipe(Title()),
    created_at: Time.optional(),
    updated_at: Time.optional(),
    metadata: z
      .looseObject({ tags: z.array(z.string('expected text'), 'expected an array of texts').optional() }, 'expected an object')
      .optional(),
    messages: z.array(MessageInput, given('expected an array of messages')),
  },
  'expected a session: an object',
)

/** What is wrong with one session. */
export interface Faulty {
  id?: string
  /** The first mistakes, each with the path of its value. */
  faults: { path: string; message: string }[]
  /** The number of other mistakes. */
  more: number
}

export type Parsed = { session: NewSession; messages: NewMessage[] } | Faulty

const MAX_FAULTS = 5

/**
 * One session of the guide's JSON. What nobody here knows, or has another shape here, is kept in `extra`. `now` stands for the time of
 * creation where the JSON has none.
 */
export function parseSession(raw: unknown, now: string): Parsed {
  const result = SessionInput.safeParse(raw)
  // The validator's copy is not used: it would lose unknown fields.
  if (result.success && !isTooDeep(raw)) return toSession(raw as RawSession, now)
  const id = (raw as { id?: unknown } | null)?.id
  const named = typeof id === 'string' ? { id: id.slice(0, 40) } : {}
  if (result.success) return { ...named, faults: [{ path: '', message: `it is nested more than ${MAX_DEPTH} deep` }], more: 0 }
  const { issues } = result.error
  return {
    ...named,
    more: Math.max(0, issues.length - MAX_FAULTS),
    faults: issues.slice(0, MAX_FAULTS).map((issue) => ({
      path: issue.path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
        .join('')
        .replace(/^\./, ''),
      message: issue.message,
    })),
  }
}

interface RawMessage extends Json {
  role: NewMessage['role']
  content: string
  timestamp?: string
}
interface RawSession extends Json {
  id: string
  title: string
  created_at?: string
  updated_at?: string
  metadata?: { tags?: string[] } & Json
  messages: RawMessage[]
}

const normal = (time: string) => isoTime(utcTime(time) ?? Number.NaN)
const isText = (value: unknown): value is string => typeof value === 'string'
/** True for a text that its column holds as it is: SQLite's UTF-8 has no lone surrogates, and an empty one counts as none. */
const isReference = (value: unknown): value is string => isText(value) && value !== '' && value.isWellFormed()
const some = (extra: Json) => Object.keys(extra).length > 0

/** Returns a function that removes a field from the unknown ones and returns its value if the value has the expected shape. */
function takes(extra: Json) {
  return <T>(key: string, fits: (value: unknown) => value is T): T | undefined => {
    const value = Object.hasOwn(extra, key) ? extra[key] : undefined
    if (!fits(value)) return undefined
    delete extra[key]
    return value
  }
}

function toSession(raw: RawSession, now: string): Parsed {
  const { id, title, created_at, updated_at, metadata = {}, messages, ...extra } = raw
  const { tags: ownTags, ...keys } = metadata
  const take = takes(extra)
  const created = created_at ?? messages.find((message) => message.timestamp)?.timestamp ?? now
  const status = take('status', (value): value is Status => STATUSES.includes(value as Status))
  const tags = ownTags ?? take('tags', (value): value is string[] => Array.isArray(value) && value.every(isText)) ?? []
  const [provider, model] = ['provider', 'model'].map((key) => take(key, isText))
  const [parent_id, forked_message_id] = ['parent_id', 'forked_message_id'].map((key) => take(key, isReference))
  const origin = take('origin', (value): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value))
  for (const key of ['provider', 'model']) if (extra[key] === null) delete extra[key]
  for (const key of ['message_count', 'activated_at', 'deleted_at']) delete extra[key]
  const parsed = toMessages(messages, normal(created))
  return {
    session: {
      id,
      title,
      status: status ?? 'active',
      provider: provider ?? null,
      model: model ?? null,
      tags: [...new Set(tags)],
      metadata: keys,
      created_at: normal(created),
      updated_at: normal(updated_at ?? parsed.at(-1)?.timestamp ?? created),
      ...(parent_id && { parent_id }),
      ...(forked_message_id && { forked_message_id }),
      ...(origin && { origin }),
      ...(some(extra) && { extra }),
    },
    messages: parsed,
  }
}

function toMessages(messages: RawMessage[], created: string): NewMessage[] {
  const ids = new Set<string>()
  return messages.map((raw) => {
    const message = toMessage(raw, created)
    if (ids.has(message.id)) {
      message.extra = { ...message.extra, id: message.id }
      message.id = newMessageId()
    }
    ids.add(message.id)
    return message
  })
}

function toMessage(raw: RawMessage, created: string): NewMessage {
  const { role, content, timestamp, ...extra } = raw
  if (!some(extra)) return { id: newMessageId(), role, content, timestamp: timestamp === undefined ? created : normal(timestamp) }
  const take = takes(extra)
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
    id: id ?? newMessageId(),
    role,
    content,
    timestamp: timestamp === undefined ? created : normal(timestamp),
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
    ...(some(extra) && { extra }),
  }
}
