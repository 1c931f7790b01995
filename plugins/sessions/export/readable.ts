import fs from 'node:fs'
import { type Context, codeOf, messageOf, type Session, type Store } from 'ainative-code'

const isDamage = (error: unknown) => codeOf(error) === 'damaged'

/** Yields the sessions whose messages are readable. Reports the damaged sessions and sets exit code 1. Reads each message once to check. */
export async function* selectReadable(
  sessions: AsyncIterable<Session>,
  store: Store,
  { note, fail }: Pick<Context, 'note' | 'fail'>,
): AsyncIterable<Session> {
  const report = (error: unknown) => {
    if (!isDamage(error)) throw error
    note(`not exported: ${messageOf(error)}`)
    fail()
  }
  try {
    for await (const session of sessions) if (await isReadable(session, store, report)) yield session
  } catch (error) {
    report(error)
  }
}

async function isReadable(session: Session, store: Store, report: (error: unknown) => void): Promise<boolean> {
  try {
    for await (const _ of store.messages(session));
    return true
  } catch (error) {
    report(error)
    return false
  }
}

/** Writes all sessions to a file; if a session is damaged, writes the file again with only the readable sessions. */
export async function writeReadable(
  file: string,
  write: (sessions: AsyncIterable<Session>) => Promise<void>,
  all: () => AsyncIterable<Session>,
  readable: () => AsyncIterable<Session>,
): Promise<void> {
  // Text that is already in a pipe cannot be replaced.
  if (isStream(file)) return write(readable())
  try {
    await write(all())
  } catch (error) {
    if (!isDamage(error)) throw error
    await write(orThrow(readable(), error))
  }
}

/** True if a path is a pipe or a device. Returns false for an inaccessible path: writing to the path reports the error. */
function isStream(file: string): boolean {
  try {
    return !fs.statSync(file).isFile()
  } catch {
    return false
  }
}

/** Yields the sessions. Throws the error if there are no sessions, so that no empty file is written. */
async function* orThrow(sessions: AsyncIterable<Session>, error: unknown): AsyncIterable<Session> {
  let isEmpty = true
  for await (const session of sessions) {
    isEmpty = false
    yield session
  }
  if (isEmpty) throw error
}
