import { Problem } from 'ainative-code'
import { type Access, withProcessLock } from '../../sqlite/index.ts'

/** How long a sync waits for another one on this machine, in milliseconds. */
const WAIT_MS = 60_000

/**
 * Runs work while no other process syncs this database. Throws a Problem if another process syncs for longer than `wait` milliseconds, or if
 * the database cannot be written.
 */
export async function withSyncLock<T>(
  { connection, checkWritable }: Access,
  { signal, wait = WAIT_MS }: { signal: AbortSignal; wait?: number },
  work: () => Promise<T>,
): Promise<T> {
  // A copy in memory has no path beside which the lock could be.
  checkWritable()
  const result = await withProcessLock(`${connection.name}.sync`, { wait, signal }, async () => ({ value: await work() }))
  if (!result)
    throw new Problem('sync-running', `another sync of this database has been running for ${wait / 1000} s`, {
      hint: 'ainative-code zerodb status shows what is pending',
    })
  return result.value
}
