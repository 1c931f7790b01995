import { isTooDeep, MAX_DEPTH, type NewMessage, type NewSession, ROLES, SESSION_ID, Title, utcTime } from 'ainative-code'
import * as z from 'zod'
import { type RawMessage, type RawSession, toMessage, toSession } from './convert.ts'

const EXPECTED_TIME = 'expected an ISO 8601 time such as 2024-01-15T10:30:00Z'
const Time = z.string(EXPECTED_TIME).refine((text) => utcTime(text) !== undefined, EXPECTED_TIME)

/** The error of a missing or invalid value. */
const requiredOr = (expected: string) => ({ error: (issue: { input?: unknown }) => (issue.input === undefined ? 'required' : expected) })

const MessageInput = z.object({
  role: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`),
  content: z.string(requiredOr('expected text')),
  timestamp: Time.optional(),
})

const SessionInput = z.object(
  {
    id: z.string(requiredOr('expected text')).regex(SESSION_ID, 'expected 12 characters of 0-9 and a-z'),
    title: z.string(requiredOr('expected text')).pipe(Title()),
    created_at: Time.optional(),
    updated_at: Time.optional(),
    metadata: z
      .looseObject({ tags: z.array(z.string('expected text'), 'expected an array of texts').optional() }, 'expected an object')
      .optional(),
    messages: z.array(MessageInput, requiredOr('expected an array of messages')),
  },
  'expected a session: an object',
)

/** The errors of an invalid session. */
export interface InvalidSession {
  id?: string
  /** The first errors, each with the path of the invalid value, such as `messages[2].role`. */
  faults: { path: string; message: string }[]
  /** The number of further errors. */
  more: number
}

/** A parsed session with its messages, or its errors. */
export type ParseResult = { session: NewSession; messages: NewMessage[] } | InvalidSession

const MAX_FAULTS = 5

/**
 * Converts the JSON of one session. Unknown fields, and optional fields with an unexpected shape, are stored in `extra`. `now` is the
 * default creation time, in ISO 8601.
 */
export function parseSession(raw: unknown, now: string): ParseResult {
  const result = SessionInput.safeParse(raw)
  // `raw` is used and not the validated copy, because the copy lacks unknown fields.
  if (result.success && !isTooDeep(raw)) return toSession(raw as RawSession, now)
  const id = (raw as { id?: unknown } | null)?.id
  const idField = typeof id === 'string' ? { id: id.slice(0, 40) } : {}
  if (result.success) return { ...idField, faults: [{ path: '', message: `nested more than ${MAX_DEPTH} levels deep` }], more: 0 }
  const { issues } = result.error
  return {
    ...idField,
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

/** Reads one message from another source; undefined for an invalid message. `created` is the default time. A message without an id gets an empty id. */
export function parseMessage(raw: unknown, created: string): NewMessage | undefined {
  if (!MessageInput.safeParse(raw).success || isTooDeep(raw)) return undefined
  return toMessage(raw as RawMessage, created)
}
