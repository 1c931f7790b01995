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
import type { ChatChoices, ChatTarget } from './target.ts'
import { titleOf } from './title.ts'

/** Creates the change that stores a user's message and creates or updates the session. */
export async function questionChange(host: Host, target: ChatTarget, choices: ChatChoices, message: string): Promise<Change> {
  const now = isoTime(Date.now())
  const { session } = target
  const metadata = metadataOf(choices, choices.project)
  const append = newMessages(choices.system, message, now)
  if (!session) {
    const create = await newSession(host, target, choices, message, now)
    return { id: create.id, create, append }
  }
  return {
    id: session.id,
    set: { ...namesOf(target), ...(choices.title !== undefined && { title: choices.title }), activated_at: now },
    addTags: choices.tags,
    setMeta: Object.keys(metadata).length > 0 ? metadata : undefined,
    append,
  }
}

const metadataOf = ({ localOnly }: ChatChoices, project: string | undefined): Json => ({
  ...(project !== undefined && { project }),
  ...(localOnly && LOCAL_ONLY),
})

function newMessages(system: string | undefined, message: string, now: string): NewMessage[] {
  const make = (role: NewMessage['role'], content: string): NewMessage => ({ id: newMessageId(), role, content, timestamp: now })
  return [...(system === undefined ? [] : [make('system', system)]), make('user', message)]
}

/** The provider and the model that the session stores. */
const namesOf = ({ provider, model, isFallback }: ChatTarget) => ({ provider: isFallback ? null : provider.name, model: model ?? null })

async function newSession(host: Host, target: ChatTarget, choices: ChatChoices, message: string, now: string): Promise<NewSession> {
  const { defaults } = host.config
  const project = choices.project ?? defaults.project
  return {
    id: newSessionId(),
    title: choices.title ?? (await titleOf(choices.subject ?? message)),
    status: 'active',
    ...namesOf(target),
    tags: [...new Set(choices.tags ?? defaults.tags ?? [])],
    metadata: metadataOf(choices, project),
    ...{ created_at: now, updated_at: now, activated_at: now },
  }
}
