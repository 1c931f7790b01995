import { type Change, type Context, isoTime, type Message, type NewMessage, newSessionId, type Session } from 'ainative-code'
import { copiedMetadata } from './own-metadata.ts'
import type { RedactedSession } from './secrets/redact.ts'

/**
 * Writes the redacted form of a session to a separate, archived session, and returns the id of this session. `copyId` is the id of a
 * redacted copy, which is updated if this device has it.
 */
export async function saveRedactedCopy(context: Context, { session, messages }: RedactedSession, copyId?: string): Promise<string> {
  const store = await context.host.store()
  const copy = copyId === undefined ? undefined : await store.get(copyId)
  const named = { ...session, title: `${session.title} (redacted)` }
  const visible = messages.filter(({ hidden }) => !hidden).map(withoutStatistics)
  const change = copy ? refresh(copy, store.readMessages(copy.id), named, visible) : create(named, visible)
  await store.save([change])
  return change.id
}

/** Removes the usage, cost and times of a message, which statistics would count twice. */
const withoutStatistics = ({ seq: _, usage: __, cost: ___, latency_ms: ____, first_token_ms: _____, ...message }: Message): NewMessage =>
  message

function create(session: Session, messages: NewMessage[]): Change {
  const { message_count: _, activated_at: __, parent_id: ___, forked_message_id: ____, ...fields } = session
  const id = newSessionId()
  const now = isoTime(Date.now())
  const own = {
    id,
    status: 'archived',
    metadata: copiedMetadata(session.metadata),
    created_at: now,
    updated_at: now,
    origin: { redacted: session.id },
  } as const
  return { id, create: { ...fields, ...own }, append: messages }
}

function refresh(copy: Session, before: Message[], session: Session, messages: NewMessage[]): Change {
  const ids = new Set(messages.map(({ id }) => id))
  const metadata = copiedMetadata(session.metadata)
  return {
    id: copy.id,
    set: { title: session.title, deleted_at: null },
    addTags: session.tags,
    removeTags: copy.tags.filter((tag) => !session.tags.includes(tag)),
    setMeta: metadata,
    unsetMeta: Object.keys(copy.metadata).filter((key) => !Object.hasOwn(metadata, key)),
    replace: messages,
    removeMessages: before.map(({ id }) => id).filter((id) => !ids.has(id)),
  }
}
