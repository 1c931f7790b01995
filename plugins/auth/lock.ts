import { type Host, Problem } from 'ainative-code'
import { withProcessLock } from '../sqlite/index.ts'
import { loginFile } from './store.ts'

/** The maximum time to wait for another process, in milliseconds. */
const WAIT_MS = 90_000

/** Runs `work` while no other process changes the login. */
export async function withLock<T>(host: Host, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const result = await withProcessLock(`${loginFile(host)}.lock`, { wait: WAIT_MS, signal }, async () => ({ value: await work() }))
  if (result) return result.value
  throw new Problem('no-login', `another process has been changing the login for ${WAIT_MS / 1000} s`, {
    hint: 'end the other ainative-code processes, and run the command again',
  })
}
