import { nextStamp } from './clock.ts'
import { dropItems, dropSession, dropTraces, type Local, writeMessage, writeRegister } from './local.ts'
import { keepFields } from './merge-fields.ts'
import { isKnownKey, isLive, PURGED, WITHDRAWN } from './registers.ts'
import type { State } from './state.ts'

/** Withdraws a session that became local-only. Returns true if the session is no longer local-only, and its changes are to be recorded. */
export function recordLocalOnly(local: Local, state: State, id: string): boolean {
  const isLocal = local.ends(id)?.isLocal === 1
  const registers = local.registers(id)
  if (isLocal && isLive(registers)) {
    for (const [key, { value }] of registers) if (!isKnownKey(key)) local.setRaw('r', id, key, 1, value, null)
    keepFields(local, id, registers)
    dropSession(local, state, id)
    writeRegister(local, state, id, WITHDRAWN, { value: 'true', stamp: nextStamp(state) })
  }
  if (isLocal) return false
  readAgain(local, state, id)
  if (local.pkOf(id) === undefined) {
    dropTraces(local, id)
    return false
  }
  restoreRaw(local, state, id)
  return true
}

/** Syncs again what this program did not understand of a session before it became local-only. */
function restoreRaw(local: Local, state: State, id: string): void {
  for (const { key, body } of local.rawsOf('r', id)) {
    writeRegister(local, state, id, key, { value: body, stamp: nextStamp(state) })
    local.dropRaw('r', id, key)
  }
  for (const { key, hash } of local.rawsOf('m', id)) {
    const stamp = nextStamp(state)
    if (hash === null) writeMessage(local, state, { session: id, key, message: null, place: stamp, stamp, hash: null })
  }
}

/** What other devices changed in a local-only session was not applied here, so the next sync reads it again. */
function readAgain(local: Local, state: State, id: string): void {
  const dropped = dropItems(local, state, id, ({ kind, key }) => kind === 'm' || (key !== WITHDRAWN && key !== PURGED))
  if (dropped.length > 0) local.setState('cursor', '0')
}
