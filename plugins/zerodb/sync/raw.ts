import { type Message, parseJson, stringifyJson } from 'ainative-code'
import type { Raw } from './statements.ts'

/** The fields of a message that this program knows. */
const FIELDS: Record<keyof Message, true> = {
  ...{ id: true, seq: true, role: true, content: true, timestamp: true, provider: true, model: true, parts: true, usage: true, cost: true },
  ...{ latency_ms: true, first_token_ms: true, finish_reason: true, state: true, hidden: true, extra: true },
}

/** Returns the body to send: the received body if this device did not change the message, or else `own` with its unknown fields. */
export function completeBody(own: string | null, hash: string | null, raw: Raw | undefined): string | null {
  if (!raw?.body) return own
  if (raw.hash === null || raw.hash === hash || own === null) return raw.body
  const unknown = Object.entries(parseJson(raw.body) as object).filter(([field]) => !Object.hasOwn(FIELDS, field))
  return unknown.length === 0 ? own : stringifyJson({ ...(parseJson(own) as object), ...Object.fromEntries(unknown) })
}
