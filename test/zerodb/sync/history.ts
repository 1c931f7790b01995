import type { Change, Message, Session } from '../../../core/index.ts'

/** The state of a device, as a person reads it. */
type State = (Session & { messages: Message[] })[]

/** Checks what devices wrote and read, in the order in which it happened. Each check throws. */
export interface History {
  /** A device wrote this, after it had read `before`. */
  wrote(device: string, change: Change, before: State): void
  /** A device read this. */
  read(device: string, state: State): void
}

/**
 * Starts a history. Each title that is written must be written once only, so that a title tells its write.
 *
 * - Read your writes: a device reads its own title, or a later one; and its own message, unless a device removed it.
 * - Monotonic reads: after a title, no device reads one which the writer of that title had replaced; and no message disappears, unless a
 *   device removed it, or removed its session or made it local-only.
 */
export function createHistory(fail: (text: string) => never): History {
  /** The titles that a title replaced, directly or not, by title. */
  const replaced = new Map<string, Set<string>>()
  const removed = new Set<string>()
  const devices = new Map<string, Reader>()
  const readerOf = (name: string) => {
    const reader = devices.get(name) ?? { titles: new Map(), messages: new Map() }
    devices.set(name, reader)
    return reader
  }
  return {
    wrote(device, change, before) {
      const title = change.create?.title ?? change.set?.title
      const old = before.find(({ id }) => id === change.id)?.title
      if (title !== undefined) {
        replaced.set(title, new Set(old === undefined ? [] : [old, ...(replaced.get(old) ?? [])]))
        readerOf(device).titles.set(change.id, title)
      }
      for (const { id } of change.append ?? []) messagesOf(readerOf(device), change.id).add(id)
      for (const id of change.removeMessages ?? []) removed.add(id)
      // A local-only session is gone from the other devices.
      if (change.remove || change.setMeta?.sync === 'local-only') removed.add(change.id)
    },
    read(device, state) {
      const { titles, messages } = readerOf(device)
      for (const { id, title } of state) {
        if (removed.has(id)) continue
        const last = titles.get(id)
        if (last !== undefined && replaced.get(last)?.has(title)) fail(`${device} read the title ${title} of ${id} again, after ${last}`)
        titles.set(id, title)
      }
      const present = new Map(state.map((session) => [session.id, new Set(session.messages.map(({ id }) => id))]))
      for (const [session, ids] of messages) {
        if (removed.has(session)) continue
        for (const id of ids) if (!removed.has(id) && !present.get(session)?.has(id)) fail(`${device} no longer reads ${id} of ${session}`)
      }
      for (const [session, ids] of present) for (const id of ids) messagesOf(readerOf(device), session).add(id)
    },
  }
}

/** The last title and all messages of each session that a device wrote or read. */
interface Reader {
  titles: Map<string, string>
  messages: Map<string, Set<string>>
}

function messagesOf({ messages }: Reader, session: string): Set<string> {
  const ids = messages.get(session) ?? new Set()
  messages.set(session, ids)
  return ids
}
