import crypto from 'node:crypto'
import { type NewMessage, type NewSession, newMessageId, newSessionId, type Parent } from 'ainative-code'

/** Assigns new ids to imported sessions and their messages, also in `parent_id` and `forked_message_id`. */
export interface NewIds {
  /** Replaces the ids of a session and its messages in place. */
  rename(session: NewSession, messages: NewMessage[]): void
  /** The parents of sessions that precede their parent in the file. */
  parents: Parent[]
}

/** A session that precedes its parent in the file. `message` is the id of the forked message in the file. */
interface Fork {
  id: string
  message: string | undefined
}

/** Creates the assignment of new ids for one import. */
export function createNewIds(): NewIds {
  /** Maps the id in a file to the new id of the last session with that id. */
  const latest = new Map<string, string>()
  const waiting = new Map<string, Fork[]>()
  const parents: Parent[] = []
  const messageId = createMessageIds()
  const linkTo = (parent_id: string, message: string | undefined) => ({
    parent_id,
    ...(message !== undefined && { forked_message_id: messageId(parent_id, message) }),
  })
  return {
    parents,
    rename(session, messages) {
      const { id: old, parent_id, forked_message_id: message } = session
      session.id = newSessionId()
      latest.set(old, session.id)
      for (const each of messages) each.id = messageId(session.id, each.id)
      for (const fork of waiting.get(old) ?? []) parents.push({ id: fork.id, ...linkTo(session.id, fork.message) })
      waiting.delete(old)
      if (parent_id === undefined) return
      const parent = latest.get(parent_id)
      const forks = waiting.get(parent_id) ?? []
      if (parent !== undefined) Object.assign(session, linkTo(parent, message))
      else waiting.set(parent_id, forks)
      forks.push({ id: session.id, message })
    },
  }
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/**
 * Returns a function that computes the new id of a message from the new id of the session and the old id of the message, so that forks
 * need no table of all messages. The new id is a ULID, and has the time of the old id if the old id is a ULID.
 */
function createMessageIds(): (session: string, old: string) => string {
  const now = newMessageId().slice(0, 10)
  return (session, old) => {
    const digest = crypto
      .createHash('sha256')
      .update(Buffer.from(session + old, 'utf16le'))
      .digest()
    const random = Array.from(digest.subarray(0, 16), (byte) => DIGITS[byte & 31])
    return (ULID.test(old) ? old.slice(0, 10) : now) + random.join('')
  }
}
