import type { Connection } from '../../sqlite/index.ts'
import { changeState, dropItems, dropSession, type Local, localOf } from './local.ts'
import { isLive, PURGED, WITHDRAWN } from './registers.ts'
import { RESEND } from './statements.ts'

/** The purges and withdrawals that the server has. */
const DELIVERED = `select session, key, stamp from sync_registers
where key in ('${PURGED}', '${WITHDRAWN}') and (sent is stamp or sent is '${RESEND}' || stamp)`

/**
 * Forgets the purges and withdrawals that the server of the previous account has. Another account can have a different session with the same
 * id, which nobody purged or withdrew there. If both accounts are the same, the next pull brings the purges and withdrawals back. Those that
 * were not sent yet stay.
 */
export function forgetEnds(connection: Connection): void {
  const local = localOf(connection)
  const delivered = connection.prepare(DELIVERED).all() as { session: string; key: string; stamp: string }[]
  changeState(local, (state) => {
    for (const { session, key, stamp } of delivered) {
      dropItems(local, state, session, (item) => item.kind === 'r' && item.key === key)
      if (local.pkOf(session)) local.setRaw('e', session, key, 1, stamp, null)
      const registers = local.registers(session)
      if (registers.has(PURGED) || registers.has(WITHDRAWN) || isLive(registers)) continue
      dropSession(local, state, session)
      // A copy that was imported after the purge was not recorded.
      local.touchAll(session)
    }
  })
}

/** True if this device knew the purge or withdrawal before it forgot it: the copy of this device is newer. */
export const knewEnd = (local: Local, id: string, key: string, stamp: string | undefined): boolean =>
  stamp !== undefined && local.raw('e', id, key)?.body === stamp
