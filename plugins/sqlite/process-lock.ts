import fs from 'node:fs'
import path from 'node:path'
import { codeOf, makeFolder } from 'ainative-code'
import { type Connection, connect } from './connection.ts'

const PAUSE_MS = 50

/** The options of a process lock. */
export interface LockOptions {
  /** The maximum wait for the lock, in milliseconds. */
  wait: number
  signal?: AbortSignal
}

/**
 * Runs `work` while no other process holds the lock; undefined if another process held the lock for too long. The lock is SQLite's lock
 * of an empty database file, which the system releases at any end of the process.
 */
export async function withProcessLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T | undefined> {
  createFile(file)
  const lock = await connect(file)
  try {
    lock.pragma('busy_timeout = 0')
    return (await acquire(lock, options)) ? await work() : undefined
  } finally {
    lock.close()
  }
}

/** Creates the file, so that only the user can read it. Does not open an existing file: closing the file would release a lock of this process. */
function createFile(file: string): void {
  if (fs.existsSync(file)) return
  try {
    makeFolder(path.dirname(file), 0o700)
    fs.closeSync(fs.openSync(file, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

async function acquire(lock: Connection, { wait, signal }: LockOptions): Promise<boolean> {
  for (let left = wait; ; left -= PAUSE_MS) {
    signal?.throwIfAborted()
    try {
      lock.exec('begin exclusive')
      return true
    } catch (error) {
      if (!codeOf(error)?.startsWith('SQLITE_BUSY')) throw error
    }
    if (left <= 0) return false
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
