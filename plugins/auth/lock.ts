import fs from 'node:fs'
import path from 'node:path'
import { codeOf, fileProblem, type Host, makeFolder, Problem } from 'ainative-code'
import { type Connection, connectFile } from '../sqlite/index.ts'
import { loginFile } from './store.ts'

const PAUSE_MS = 50
const TIMEOUT_MS = 90_000

/**
 * Runs `work` while no other process does. The lock is that of an empty SQLite file: the system releases it when its process ends, however
 * that happens.
 */
export async function withLock<T>(host: Host, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const file = `${loginFile(host)}.lock`
  createFile(file)
  const lock = await connectFile(file)
  try {
    lock.pragma('busy_timeout = 0')
    await acquire(lock, signal)
    return await work()
  } finally {
    lock.close()
  }
}

/** Creates the file, so that only the user can read it. Not if it exists: closing it would release a lock of this process. */
function createFile(file: string): void {
  if (fs.existsSync(file)) return
  try {
    makeFolder(path.dirname(file), 0o700)
    fs.closeSync(fs.openSync(file, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw fileProblem(error, file, 'write')
  }
}

async function acquire(lock: Connection, signal: AbortSignal): Promise<void> {
  for (let left = TIMEOUT_MS; left > 0; left -= PAUSE_MS) {
    signal.throwIfAborted()
    try {
      lock.exec('begin exclusive')
      return
    } catch (error) {
      if (!codeOf(error)?.startsWith('SQLITE_BUSY')) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Problem('no-login', `another process has been changing the login for ${TIMEOUT_MS / 1000} s`, {
    hint: 'end the other ainative-code processes, and run the command again',
  })
}
