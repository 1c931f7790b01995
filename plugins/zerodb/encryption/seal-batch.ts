import type { Local } from '../sync/local.ts'
import { isKeyRegister, PURGED } from '../sync/registers.ts'
import type { Batch } from '../sync/rows.ts'
import type { Codec } from './codec.ts'
import { currentKey, END_REGISTERS, type SessionKey } from './session-keys.ts'

/** True if the session sends registers that a key of the session seals. */
const hasValues = ({ registers }: Batch['sessions'][number]) =>
  Object.keys(registers).some((key) => !isKeyRegister(key) && !END_REGISTERS.includes(key))

/** Encrypts a batch. If some sessions have no key for new values yet, returns the ids of these sessions instead. */
export function sealBatch(local: Local, codec: Codec, batch: Batch): Batch | string[] {
  const ids = new Set([...batch.sessions.filter(hasValues).map(({ id }) => id), ...batch.messages.map(({ session }) => session)])
  const keys = new Map<string, SessionKey | undefined>()
  const missing: string[] = []
  for (const id of ids) {
    const registers = local.registers(id)
    const key = currentKey(registers, codec.master.key.id)
    if (key || registers.has(PURGED)) keys.set(id, key)
    else missing.push(id)
  }
  if (missing.length > 0) return missing
  return {
    sessions: batch.sessions.map((session) => ({
      ...session,
      registers: codec.sealRegisters(session.id, session.registers, keys.get(session.id)),
    })),
    messages: batch.messages.flatMap((message) => {
      const key = keys.get(message.session)
      return key ? codec.sealMessage(message, key) : []
    }),
  }
}
