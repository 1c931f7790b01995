import { isoTime, Problem } from 'ainative-code'
import type { Access, Connection } from '../../sqlite/index.ts'
import { MAX_SKEW, nextStamp, stampTime, timeAt } from './clock.ts'
import { localOf, readState, writeState } from './local.ts'
import { restamp } from './restamp.ts'

/**
 * Throws a Problem if the clock of this device is far from the server's clock. Once the clock is right, unsent changes from the time of the
 * wrong clock get new stamps.
 */
export async function checkClock({ connection, write }: Access, serverTime: number): Promise<void> {
  refuseSkew(serverTime)
  const latest = serverTime + MAX_SKEW
  if (stampTime(readState(localOf(connection))?.time ?? '0') > latest) await write(async () => restampFuture(connection, latest))
}

/**
 * Throws a Problem if the clock of this device is far from the server's clock: its stamps would win over all later changes of other devices.
 * `serverTime` is in milliseconds UTC.
 */
export function refuseSkew(serverTime: number): void {
  const now = Date.now()
  if (Math.abs(now - serverTime) > MAX_SKEW)
    throw new Problem(
      'clock',
      `the clock of this device is ${isoTime(now)}, but the server's is ${isoTime(Math.round(serverTime))}: nothing was pushed`,
      {
        hint: 'set the clock of this device, then sync again',
      },
    )
}

/** Moves the clock back, and gives new stamps to unsent changes with a stamp after `latest`, in milliseconds UTC. */
function restampFuture(connection: Connection, latest: number): void {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return
  const limit = timeAt(latest)
  const before = connection
    .prepare('select max(stamp) from (select stamp from sync_registers union all select stamp from sync_messages) where stamp <= ?')
    .pluck()
  state.time = ((before.get(limit) as string | null) ?? timeAt(0)).slice(0, timeAt(0).length)
  restamp(connection, state, limit, () => nextStamp(state))
  writeState(local, state)
}
