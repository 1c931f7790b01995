import { CLIENT } from '../server/schema.ts'
import { nextStamp } from './clock.ts'
import { noteMessageConflict } from './conflicts.ts'
import { knewEnd } from './forget-ends.ts'
import { dropItems, isNews, isNewsOfPerson, type Local, readBody, writeMessage, writeRegister } from './local.ts'
import { isLive, PURGED, WITHDRAWN } from './registers.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import type { State } from './state.ts'
import type { Ends } from './statements.ts'
import type { Writer } from './writer.ts'

/**
 * A session that becomes local-only on one device is withdrawn: its register `withdrawn` gets a stamp, and the server and all other devices
 * remove registers and messages with older stamps. If the session is synced again, everything in it gets a newer stamp. The server refuses
 * a push by a device that does not know the withdrawal, and a withdrawal by a device that has not read the whole session. If that device
 * removes its copy before the server knows the withdrawal, what the server has of the session goes too.
 */

/** Applies a withdrawal among the incoming registers. Returns its stamp: registers and messages up to this stamp are removed. */
export function mergeWithdrawal(local: Local, state: State, writer: Writer, id: string, registers: SessionRow['registers']): string {
  if (registers[PURGED]) return ''
  const ends = local.ends(id) ?? NO_ENDS
  const known = ends.withdrawn ?? ''
  if (isWithdrawnHere(local, id, ends))
    return withdrawAgain(
      local,
      state,
      id,
      Object.values(registers).map(({ h }) => h),
    )
  const stamp = registers[WITHDRAWN]?.h ?? ''
  if (stamp <= known) return known
  if (!hasSince(local, id, stamp)) withdraw(local, state, writer, id, stamp)
  return stamp
}

/** True if this device withdrew the session and did not sync it again, which the server does not know yet. Its copy may be gone meanwhile. */
const isWithdrawnHere = (local: Local, id: string, { isPending, isLocal }: Ends) =>
  isPending === 1 && (isLocal === 1 || !isLive(local.registers(id)))

/** True if this device knew the withdrawal, and everything that it has of the session is newer. */
const hasSince = (local: Local, id: string, floor: string) =>
  knewEnd(local, id, WITHDRAWN, floor) && local.stampsOf(id).every(({ stamp }) => stamp > floor)

const NO_ENDS: Ends = { purged: null, withdrawn: null, isPending: 0, isLocal: 0 }

/** Gives a withdrawal that the server does not have yet a newer stamp than `stamps`, the stamps on the server. Returns the stamp. */
function withdrawAgain(local: Local, state: State, id: string, stamps: string[]): string {
  const known = local.ends(id)?.withdrawn ?? ''
  if (stamps.every((stamp) => stamp < known)) return known
  const stamp = nextStamp(state)
  writeRegister(local, state, id, WITHDRAWN, { value: 'true', stamp })
  return stamp
}

/** Removes the items from before a withdrawal. A copy with changes that no other device has stays, and becomes local-only too. */
function withdraw(local: Local, state: State, writer: Writer, id: string, floor: string): void {
  const isKept = local.ends(id)?.isLocal === 1 || local.stampsOf(id).some(isNewsOfPerson) || local.isTouched(id) !== undefined
  if (isKept) writer.keep(id)
  const dropped = dropItems(local, state, id, (item) => item.stamp <= floor || (isKept && isNews(item)))
  if (isKept) return void local.forgetRows(id)
  local.dropAsides(id)
  local.dropConflicts(id)
  for (const { key, message } of dropped) {
    local.dropRaw('m', id, key)
    if (message !== null) writer.remove(message)
  }
}

/** Withdraws a message with its session, which this device made local-only and then removed. Returns false if that is not the case. */
export function withdrawToo(local: Local, state: State, { session, stamp }: MessageRow, ends: Ends): boolean {
  if (!isWithdrawnHere(local, session, ends)) return false
  withdrawAgain(local, state, session, [stamp])
  return true
}

/** Merges a message into a local-only session. Messages from before the withdrawal belong to the session, later messages do not. */
export function mergeIntoLocalOnly(local: Local, state: State, writer: Writer, row: MessageRow, { withdrawn, isPending }: Ends): boolean {
  const { session, key, place, stamp, body, needs } = row
  const floor = isPending ? withdrawAgain(local, state, session, [stamp]) : (withdrawn ?? '')
  if (stamp <= floor) {
    if (needs > CLIENT.version) local.setRaw('m', session, key, needs, body, null)
    else if (body !== null) return writer.append(session, readBody(body)) || keepEdit(local, row, floor)
    return false
  }
  const own = local.messageState(session, key)
  if (!own || stamp > own.stamp) writeMessage(local, state, { session, key, message: null, place, stamp, hash: null })
  local.setMessageSent(stamp, session, key)
  return false
}

/** Records another text of a message of this device as a conflict: the text of this device stays. */
function keepEdit(local: Local, row: MessageRow, floor: string): false {
  const message = local.messageById(row.session, readBody(row.body ?? '').id)
  if (message) noteMessageConflict(local, { message: message.pk, stamp: floor, sent: null }, row)
  return false
}
