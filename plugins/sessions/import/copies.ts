import crypto from 'node:crypto'
import { type NewMessage, type NewSession, newMessageId, newSessionId, type Parent } from 'ainative-code'

/** Gives imported sessions and their messages new ids; `parent_id` and `forked_message_id` follow to the copies. */
export interface Copies {
  /** Changes the ids in place. */
  rename(session: NewSession, messages: NewMessage[]): void
  /** The parents of sessions that came before their parent. */
  parents: Parent[]
}

/** A session whose parent has not come yet, and the id in the file of the message at which it left its parent. */
interface Fork {
  id: string
  message: string | undefined
}

export function startCopies(): Copies {
  /** The new id of the last session that had this id in a file. */
  const latest = new Map<string, string>()
  const waiting = new Map<string, Fork[]>()
  const parents: Parent[] = []
  const messageId = messageCopier()
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
 * Gives the id of a message's copy: a ULID that follows from the copied session's id and the message's old id, so that a fork finds it
 * without a table of all messages. A ULID keeps its time.
 */
function messageCopier(): (session: string, old: string) => string {
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
