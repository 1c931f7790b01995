import { bodyOf, isNews, type Local, readBody } from './local.ts'
import type { Register } from './registers.ts'
import type { MessageRow } from './rows.ts'
import { type MessageState, RESEND } from './statements.ts'

/** The number of conflicts to keep. The oldest are removed first. */
const MAX_CONFLICTS = 1000

/** The registers whose lost values a user may want to restore. */
const FIELD = /^(title|status|provider|model|(tag|meta):.*)$/s

/** True for a register whose lost values are recorded. */
export const isField = (key: string) => FIELD.test(key)

interface Write {
  stamp: string
  sent: string | null
}

/** True if two writes are concurrent: this device has not sent its own write, which did not replace the incoming write. */
const areConcurrent = (own: Write, stamp: string) => stamp !== own.stamp && isNews(own) && own.sent !== stamp && own.sent !== RESEND + stamp

/** Records the value of a field that lost against a concurrent write. */
export function noteRegisterConflict(local: Local, session: string, key: string, own: Register & Write, incoming: Register): void {
  if (!isField(key) || own.value === incoming.value || !areConcurrent(own, incoming.stamp)) return
  const [lost, won] = own.stamp < incoming.stamp ? [own, incoming] : [incoming, own]
  record(local, { session, kind: 'r', key, lost: lost.value, won: won.value, stamp: lost.stamp })
}

/** Records the text of a message that lost against a concurrent edit. */
export function noteMessageConflict(
  local: Local,
  own: Write & Pick<MessageState, 'message'>,
  { session, key, stamp, body }: MessageRow,
): void {
  if (!areConcurrent(own, stamp)) return
  const message = own.message === null ? undefined : local.message(own.message)
  const ownBody = message ? bodyOf(message) : null
  if (textOf(ownBody) === textOf(body)) return
  const [lost, won] = own.stamp < stamp ? [ownBody, body] : [body, ownBody]
  if (lost !== null) record(local, { session, kind: 'm', key, lost, won, stamp: own.stamp < stamp ? own.stamp : stamp })
}

/** Returns the parts of a body that a user reads, or the body itself if this program cannot parse it. */
function textOf(body: string | null): string | null {
  if (body === null) return null
  try {
    const { content, parts } = readBody(body)
    return JSON.stringify([content, parts])
  } catch {
    return body
  }
}

interface Conflict {
  session: string
  kind: 'r' | 'm'
  key: string
  lost: string | null
  won: string | null
  stamp: string
}

function record(local: Local, { session, kind, key, lost, won, stamp }: Conflict): void {
  local.addConflict(session, kind, key, lost, won, stamp, Date.now())
  local.limitConflicts(MAX_CONFLICTS)
}
