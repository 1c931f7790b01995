import type { Expr, Host, Session, SortKey, Store } from 'ainative-code'
import { resolveTarget, type Target } from '../models/index.ts'

/** What the options of chat, a template and the commands of a conversation choose for the next message and its session. */
export interface Wishes {
  title?: string
  /** The text for the title of a new session; by default the message. */
  subject?: string
  provider?: string
  model?: string
  system?: string
  tags?: string[]
  project?: string
  /** Keeps the session on this device. */
  localOnly?: boolean
}

/** Which model answers, and in which session; without one, the first message creates the session. */
export interface ChatTarget extends Target {
  session?: Session
}

/** Finds the provider and the model for a session. */
export const chatTarget = async (host: Host, wishes: Wishes, session: Session | undefined, signal: AbortSignal): Promise<ChatTarget> => ({
  session,
  ...(await resolveTarget(host, wishes, session, signal)),
})

/** Throws the problem of a target that cannot be asked; returns any other target. */
export function requireModel<T extends Target>(target: T): T {
  if (target.problem) throw target.problem
  return target
}

/** The session for --resume: the last one with the title, or the one that was activated last, or the one that was changed last. */
export async function sessionToResume(store: Store, title: string | undefined): Promise<Session | undefined> {
  const first = async (sort: SortKey, ...more: Expr[]) => {
    for await (const session of store.list({ sort, where: { and: [{ trashed: false }, ...more] }, limit: 1 })) return session
    return undefined
  }
  if (title !== undefined) return first('updated', { title })
  return (await first('activated')) ?? first('updated')
}
