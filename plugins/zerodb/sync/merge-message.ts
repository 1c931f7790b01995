import { CLIENT } from '../server/schema.ts'
import { nextStamp, seeStamp } from './clock.ts'
import { noteMessageConflict } from './conflicts.ts'
import type { KnownMessages } from './known-messages.ts'
import { bodyOf, hashOf, type Local, readBody, replaceMessage, sentStamp } from './local.ts'
import type { MessageRow } from './rows.ts'
import type { State } from './state.ts'
import type { Ends, MessageState } from './statements.ts'
import { mergeIntoLocalOnly, withdrawToo } from './withdraw.ts'
import type { Writer } from './writer.ts'

/** Merges a message of the server into the local tables. `ends` describes how its session ended. Returns true if the tables changed. */
export function mergeMessage(
  local: Local,
  state: State,
  writer: Writer,
  known: KnownMessages,
  row: MessageRow,
  ends: Ends | undefined,
): boolean {
  const { session, key } = row
  seeStamp(state, row.stamp)
  if (ends?.purged) return false
  if (ends?.isLocal) return mergeIntoLocalOnly(local, state, writer, row, ends)
  if (ends && withdrawToo(local, state, row, ends)) return false
  const own = known.find(session, key)
  const isOld = ends !== undefined && ends.withdrawn !== null && row.stamp <= ends.withdrawn
  if (isOld && own && ends.isPending) noteMessageConflict(local, own, row)
  if (isOld && (own || !ends.isPending)) return false
  // The message is older than a withdrawal that the server does not have yet. Send the message again, as the last one of the session.
  const stamp = isOld ? nextStamp(state) : row.stamp
  const isNewer = !own || stamp > own.stamp || (stamp === own.stamp && local.raw('m', session, key)?.hash === null)
  if (own && !isOld) noteMessageConflict(local, own, row)
  const place = isOld ? stamp : earlier(own?.place, row.place)
  // The server lacks an earlier place of this device, also if it has the newest text.
  const sent = isOld ? null : sentStamp(row.stamp, row.isPlain || place !== row.place)
  const isChanged = isNewer || place !== own.place
  if (isChanged) {
    const { message, hash } = isNewer ? writeBody(local, writer, row, place, own) : own
    replaceMessage(local, state, own, { session, key, message, hash, place, stamp: isNewer ? stamp : own.stamp, sent })
  } else if (sent !== null && sent !== own.sent) local.setMessageSent(sent, session, key)
  return isChanged
}

const earlier = (own: string | undefined, other: string) => (own !== undefined && own < other ? own : other)

type StoredBody = Pick<MessageState, 'message' | 'hash'>

/** Writes the message of a body to the store. Also keeps the body if the message lacks some of its fields, to send them on. */
function writeBody(
  local: Local,
  writer: Writer,
  { session, key, body, needs }: MessageRow,
  place: string,
  own: MessageState | undefined,
): StoredBody {
  if (body !== null && needs > CLIENT.version) {
    local.setRaw('m', session, key, needs, body, null)
    return { message: own?.message ?? null, hash: own?.hash ?? null }
  }
  const stored = writer.message(session, own?.message ?? undefined, body === null ? undefined : readBody(body), place)
  const again = stored && bodyOf(stored.message)
  const hash = again === undefined ? null : hashOf(again)
  if (body !== null && body !== again) local.setRaw('m', session, key, needs, body, hash)
  else if (own) local.dropRaw('m', session, key)
  return { message: stored?.pk ?? null, hash }
}

/** Keeps the body of a message that could not be applied, so that this device sends the body on, and both sides stay equal. */
export function keepBody(local: Local, state: State, { session, key, place, stamp, body, needs }: MessageRow): void {
  const { purged = null, withdrawn = null, isLocal = 0 } = local.ends(session) ?? {}
  const own = local.messageState(session, key)
  if (purged !== null || isLocal || stamp <= (withdrawn ?? '') || (own && own.stamp >= stamp)) return
  local.setRaw('m', session, key, needs, body, null)
  const { message = null, hash = null } = own ?? {}
  const first = earlier(own?.place, place)
  replaceMessage(local, state, own, { session, key, message, hash, place: first, stamp, sent: sentStamp(stamp, first !== place) })
}
