import { type Context, Problem } from 'ainative-code'
import type { Conversation } from './conversation.ts'

/** A command of a conversation. */
export interface ConversationCommand {
  name: string
  aliases?: string[]
  /** What it takes. */
  takes?: string
  summary: string
  /** The words of a command whose last one takes the same. */
  like?: string[]
  /** True if it does not use the session. */
  free?: boolean
  /** False leaves. */
  run(conversation: Conversation, rest: string, context: Context): Promise<unknown>
}

/** Shows a line. */
export const say = (context: Context, text: string) => context.write(`${text}\n`)

/** The session of a conversation; a Problem where there is none. */
export function stored({ target: { session }, saves }: Conversation) {
  if (!saves) throw new Problem('no-session', 'nothing of this conversation is stored', { hint: 'begin it without --no-save' })
  if (session) return session
  throw new Problem('no-session', 'there is no session yet', { hint: 'the first message makes it' })
}
