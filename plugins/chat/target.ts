import type { Expr, Host, Session, SortKey, Store } from 'ainative-code'
import { resolveTarget, type Target } from '../models/index.ts'

/** The settings of the next message and its session, from the options of chat, a template or the commands of a conversation. */
export interface ChatChoices {
  title?: string
  /** The text from which the title of a new session is made; by default the message. */
  subject?: string
  provider?: string
  model?: string
  system?: string
  tags?: string[]
  project?: string
  /** Keeps the session on this device. */
  localOnly?: boolean
}

/** The model that answers, and the session of the message; without a session, the first message creates it. */
export interface ChatTarget extends Target {
  session?: Session
}

/** Finds the provider and the model for a session. */
export const chatTarget = async (
  host: Host,
  choices: ChatChoices,
  session: Session | undefined,
  signal: AbortSignal,
): Promise<ChatTarget> => ({
  session,
  ...(await resolveTarget(host, choices, session, signal)),
})

/** Throws the problem of a target without a model; returns any other target. */
export function requireModel<T extends Target>(target: T): T {
  if (target.problem) throw target.problem
  return target
}

/** The session for --resume: with a title, the last session of that title; otherwise the session activated last, or else the session changed last. */
export async function sessionToResume(store: Store, title: string | undefined): Promise<Session | undefined> {
  const first = async (sort: SortKey, ...more: Expr[]) => {
    for await (const session of store.list({ sort, where: { and: [{ trashed: false }, ...more] }, limit: 1 })) return session
    return undefined
  }
  if (title !== undefined) return first('updated', { title })
  return (await first('activated')) ?? first('updated')
}
