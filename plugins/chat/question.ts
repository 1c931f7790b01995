import {
  type Change,
  type Host,
  isoTime,
  type Json,
  LOCAL_ONLY,
  type NewMessage,
  type NewSession,
  newMessageId,
  newSessionId,
} from 'ainative-code'
import type { ChatTarget, Wishes } from './target.ts'
import { titleOf } from './title.ts'

/** Creates the change that stores a user's message and creates or updates the session. */
export async function questionChange(host: Host, target: ChatTarget, wishes: Wishes, message: string): Promise<Change> {
  const now = isoTime(Date.now())
  const { session } = target
  const metadata = metadataOf(wishes, wishes.project)
  const append = newMessages(wishes.system, message, now)
  if (!session) {
    const create = await newSession(host, target, wishes, message, now)
    return { id: create.id, create, append }
  }
  return {
    id: session.id,
    set: { ...namesOf(target), ...(wishes.title !== undefined && { title: wishes.title }), activated_at: now },
    addTags: wishes.tags,
    setMeta: Object.keys(metadata).length > 0 ? metadata : undefined,
    append,
  }
}

const metadataOf = ({ localOnly }: Wishes, project: string | undefined): Json => ({
  ...(project !== undefined && { project }),
  ...(localOnly && LOCAL_ONLY),
})

function newMessages(system: string | undefined, message: string, now: string): NewMessage[] {
  const make = (role: NewMessage['role'], content: string): NewMessage => ({ id: newMessageId(), role, content, timestamp: now })
  return [...(system === undefined ? [] : [make('system', system)]), make('user', message)]
}

/** The provider and the model that the session stores. */
const namesOf = ({ provider, model, isFallback }: ChatTarget) => ({ provider: isFallback ? null : provider.name, model: model ?? null })

async function newSession(host: Host, target: ChatTarget, wishes: Wishes, message: string, now: string): Promise<NewSession> {
  const { defaults } = host.config
  const project = wishes.project ?? defaults.project
  return {
    id: newSessionId(),
    title: wishes.title ?? (await titleOf(wishes.subject ?? message)),
    status: 'active',
    ...namesOf(target),
    tags: [...new Set(wishes.tags ?? defaults.tags ?? [])],
    metadata: metadataOf(wishes, project),
    ...{ created_at: now, updated_at: now, activated_at: now },
  }
}
