import type { Local } from './local.ts'
import type { MessageState } from './statements.ts'

/** Finds what sync knows of a message. */
export type KnownMessages = ReturnType<typeof createKnownMessages>

/** Looks messages up. In a session of which sync knows no message, each one is new without a look-up, unless it comes twice. */
export function createKnownMessages(local: Local) {
  let last: { session: string; isNew: boolean; seen: Set<string> } | undefined
  return {
    find(session: string, key: string): MessageState | undefined {
      if (last?.session !== session) last = { session, isNew: local.hasState(session) === undefined, seen: new Set() }
      if (!last.isNew || last.seen.has(key)) return local.messageState(session, key)
      last.seen.add(key)
      return undefined
    },
    forget() {
      last = undefined
    },
  }
}
