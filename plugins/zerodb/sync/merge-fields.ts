import { LOCAL_ONLY } from 'ainative-code'
import { nextStamp } from './clock.ts'
import { isField, noteRegisterConflict } from './conflicts.ts'
import { isNews, type Local, writeRegister } from './local.ts'
import { escapeKey, isKnownKey, type Register, type Registers, sessionOf, valuesOf } from './registers.ts'
import type { SessionRow } from './rows.ts'
import type { State } from './state.ts'
import type { SyncedRegister } from './statements.ts'
import type { Writer } from './writer.ts'

/**
 * The withdrawal of a session also removes the fields that other devices changed before they knew of it. So the device keeps its registers
 * from before the withdrawal, and compares them with the server's until the server has the withdrawal.
 */

const OWN = Object.keys(LOCAL_ONLY).map((name) => `meta:${escapeKey(name)}`)
const isMerged = (key: string) => isField(key) && !OWN.includes(key)

/** Keeps the registers of a session that becomes local-only, unless those from before an earlier withdrawal are still needed. */
export function keepFields(local: Local, id: string, registers: Map<string, SyncedRegister>): void {
  if (local.ends(id)?.isPending) return
  for (const { key } of local.rawsOf('f', id)) local.dropRaw('f', id, key)
  for (const [key, register] of registers) if (isMerged(key)) keepField(local, id, key, register)
}

const keepField = (local: Local, id: string, key: string, register: SyncedRegister) =>
  local.setRaw('f', id, key, 1, JSON.stringify(register), null)

/**
 * Merges fields from before a withdrawal that the server does not have yet into the copy of this device. `floor` is the stamp of the
 * withdrawal. Returns true if the copy changed.
 */
export function mergeFields(
  local: Local,
  state: State,
  writer: Writer,
  id: string,
  registers: SessionRow['registers'],
  floor: string,
): boolean {
  const ends = local.ends(id)
  const pk = ends?.isPending ? local.pkOf(id)?.pk : undefined
  const session = pk === undefined ? undefined : local.session(pk)
  if (!session) return false
  const current = valuesOf(session)
  const taken = newerFields(local, id, registers, floor, current)
  if (!ends?.isLocal) {
    for (const [key, value] of taken) writeRegister(local, state, id, key, { value, stamp: nextStamp(state) })
    return taken.size > 0
  }
  for (const [key, { v }] of Object.entries(registers)) if (!isKnownKey(key)) local.setRaw('r', id, key, 1, v, null)
  if (taken.size > 0) writer.session(id, sessionOf(id, asRegisters([...current, ...taken]), ''))
  return taken.size > 0
}

const asRegisters = (values: [string, string | null][]): Registers => new Map(values.map(([key, value]) => [key, { value, stamp: '' }]))

/** Returns the values that are newer than those of this device. Records the values that lost as conflicts. */
function newerFields(
  local: Local,
  id: string,
  registers: SessionRow['registers'],
  floor: string,
  current: Map<string, string>,
): Map<string, string | null> {
  const kept = new Map(local.rawsOf('f', id).map(({ key, body }) => [key, JSON.parse(body ?? '') as SyncedRegister]))
  const taken = new Map<string, string | null>()
  for (const [key, { v: value, h: stamp }] of Object.entries(registers)) {
    const before = kept.get(key) ?? { value: null, stamp: '', sent: '' }
    const isKnown = stamp === before.stamp || !isNews({ stamp, sent: before.sent })
    if (stamp > floor || isKnown || !isMerged(key)) continue
    const own = current.get(key) ?? null
    const incoming: Register = { value, stamp }
    // A value that changed since the withdrawal is newer than those of devices that did not know of it.
    const known: SyncedRegister = own === before.value ? before : { value: own, stamp: floor, sent: null }
    noteRegisterConflict(local, id, key, known, incoming)
    if (stamp < known.stamp) continue
    keepField(local, id, key, { ...incoming, sent: stamp })
    if (value !== own) taken.set(key, value)
  }
  return taken
}
