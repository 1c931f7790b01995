import fs from 'node:fs'
import { type Context, codeOf, messageOf, type Session, type Store } from 'ainative-code'

const isDamage = (error: unknown) => codeOf(error) === 'damaged'

/** The sessions whose messages can be read; names the others, and makes the exit code 1. Reads each message one more time. */
export async function* readableOnly(
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

/** Writes a file from all sessions, and where one of them cannot be read, once more from the readable ones. */
export async function writeReadable(
  file: string,
  write: (sessions: AsyncIterable<Session>) => Promise<void>,
  all: () => AsyncIterable<Session>,
  readable: () => AsyncIterable<Session>,
): Promise<void> {
  // What was written to a pipe cannot be taken back.
  if (isStream(file)) return write(readable())
  try {
    await write(all())
  } catch (error) {
    if (!isDamage(error)) throw error
    await write(someOf(readable(), error))
  }
}

/** False for a path that cannot be looked at: writing to it says why. */
function isStream(file: string): boolean {
  try {
    return !fs.statSync(file).isFile()
  } catch {
    return false
  }
}

/** Fails with this error where there are no sessions, so that no empty file is written. */
async function* someOf(sessions: AsyncIterable<Session>, error: unknown): AsyncIterable<Session> {
  let some = false
  for await (const session of sessions) {
    some = true
    yield session
  }
  if (!some) throw error
}
