import { isoTime, Problem } from 'ainative-code'
import type { Access, Connection } from '../../sqlite/index.ts'
import { MAX_SKEW, stampTime, timeAt } from './clock.ts'
import { localOf, readState, writeState } from './local.ts'
import { restamp } from './restamp.ts'

/**
 * Refuses a clock that is far from the server's: its stamps would win over every later change of other devices. What was stamped while
 * the clock was wrong gets new stamps once the clock is right.
 */
export async function checkClock({ connection, write }: Access, serverTime: number): Promise<void> {
  const now = Date.now()
  if (Math.abs(now - serverTime) > MAX_SKEW)
    throw new Problem(
      'clock',
      `the clock of this device is ${isoTime(now)}, but the server's is ${isoTime(serverTime)}: nothing was pushed`,
      {
        hint: 'set the clock of this device, then sync again',
      },
    )
  const latest = serverTime + MAX_SKEW
  if (stampTime(readState(localOf(connection))?.time ?? '0') > latest) await write(async () => forgetFuture(connection, latest))
}

/** Gives what has a later stamp than this, and was never sent, new stamps. */
function forgetFuture(connection: Connection, latest: number): void {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return
  const limit = timeAt(latest)
  const before = connection
    .prepare('select max(stamp) from (select stamp from sync_registers union all select stamp from sync_messages) where stamp <= ?')
    .pluck()
  state.time = ((before.get(limit) as string | null) ?? timeAt(0)).slice(0, timeAt(0).length)
  restamp(connection, state, limit)
  writeState(local, state)
}
