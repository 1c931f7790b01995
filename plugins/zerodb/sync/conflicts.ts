import { bodyOf, isNews, type Local, readBody } from './local.ts'
import type { Register } from './registers.ts'
import type { MessageRow } from './rows.ts'
import { type MessageState, RESEND } from './statements.ts'

/** The number of conflicts to keep; the oldest go. */
const MAX_CONFLICTS = 1000

/** The registers whose lost values a user may want back. */
const FIELD = /^(title|status|provider|model|(tag|meta):.*)$/s

interface Known {
  stamp: string
  sent: string | null
}

/** True if neither of two writes knew the other one: the own write was not sent, and did not replace the incoming one. */
const areConcurrent = (own: Known, stamp: string) => stamp !== own.stamp && isNews(own) && own.sent !== stamp && own.sent !== RESEND + stamp

/** Notes the value of a field that loses against a concurrent write. */
export function noteRegisterConflict(local: Local, session: string, key: string, own: Register & Known, incoming: Register): void {
  if (!FIELD.test(key) || own.value === incoming.value || !areConcurrent(own, incoming.stamp)) return
  const [lost, won] = own.stamp < incoming.stamp ? [own, incoming] : [incoming, own]
  note(local, { session, kind: 'r', key, lost: lost.value, won: won.value, stamp: lost.stamp })
}

/** Notes the text of a message that loses against a concurrent edit. */
export function noteMessageConflict(local: Local, own: MessageState, { session, key, stamp, body }: MessageRow): void {
  if (!areConcurrent(own, stamp)) return
  const message = own.message === null ? undefined : local.message(own.message)
  const ownBody = message ? bodyOf(message) : null
  if (textOf(ownBody) === textOf(body)) return
  const [lost, won] = own.stamp < stamp ? [ownBody, body] : [body, ownBody]
  if (lost !== null) note(local, { session, kind: 'm', key, lost, won, stamp: own.stamp < stamp ? own.stamp : stamp })
}

/** What a user reads of a message; the body itself if this program cannot read it. */
function textOf(body: string | null): string | null {
  if (body === null) return null
  try {
    const { content, parts } = readBody(body)
    return JSON.stringify([content, parts])
  } catch {
    return body
  }
}

interface Loss {
  session: string
  kind: 'r' | 'm'
  key: string
  lost: string | null
  won: string | null
  stamp: string
}

function note(local: Local, { session, kind, key, lost, won, stamp }: Loss): void {
  local.addConflict(session, kind, key, lost, won, stamp, Date.now())
  local.limitConflicts(MAX_CONFLICTS)
}
