import { type Context, Problem } from 'ainative-code'
import type { Conversation } from './conversation.ts'

/** A command of a conversation. */
export interface ConversationCommand {
  name: string
  aliases?: string[]
  /** The argument in help, such as `[text]`. */
  takes?: string
  summary: string
  /** The words of a command line. The argument is completed like the next argument of that command line. */
  like?: string[]
  /** True if the command does not need the stored session. */
  free?: boolean
  /** Resolves with false to leave the conversation. */
  run(conversation: Conversation, rest: string, context: Context): Promise<unknown>
}

/** Writes a line to the terminal. */
export const say = (context: Context, text: string) => context.write(`${text}\n`)

/** The stored session of a conversation; throws a Problem if there is none. */
export function requireSession({ target: { session }, saves }: Conversation) {
  if (!saves) throw new Problem('no-session', 'nothing of this conversation is stored', { hint: 'start a chat without --no-save' })
  if (session) return session
  throw new Problem('no-session', 'there is no session yet', { hint: 'the first message creates the session' })
}
