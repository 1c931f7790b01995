import { type Context, copyText, Problem } from 'ainative-code'
import type { Conversation } from './conversation.ts'
import { type ConversationCommand, requireSession, say } from './conversation-command.ts'

/** Commands about the session and its replies. */
export const SESSION_COMMANDS: ConversationCommand[] = [
  {
    name: 'copy',
    summary: 'Copy the last reply to the clipboard',
    async run(conversation, _, context) {
      const reply = (await conversation.messages(context)).findLast(({ role }) => role === 'assistant')
      if (!reply) throw new Problem('no-message', 'there is no reply yet', { hint: 'type a message first' })
      const clipboard = await copyText(reply.content, context)
      return say(
        context,
        `Copied ${reply.content.length} characters with ${clipboard === 'terminal' ? 'the terminal (OSC 52)' : clipboard}`,
      )
    },
  },
  {
    name: 'show',
    summary: 'Show the conversation',
    async run(conversation, _, context) {
      const { id } = requireSession(conversation)
      await conversation.messages(context)
      await context.runLine(['session', 'show', id])
    },
  },
  { name: 'sessions', summary: 'List the latest sessions', free: true, run: (_, __, context) => context.runLine(['session', 'list']) },
  { name: 'new', summary: 'Start a new session with the next message', free: true, run: startNew },
  {
    name: 'clear',
    summary: 'Clear the screen and start a new session with the next message',
    free: true,
    async run(conversation, rest, context) {
      if (context.interactive && context.host.env.TERM !== 'dumb') await context.show('\x1b[2J\x1b[H')
      return startNew(conversation, rest, context)
    },
  },
]

async function startNew(conversation: Conversation, _: string, context: Context): Promise<unknown> {
  await conversation.messages(context)
  conversation.startOver()
  return say(context, 'The next message starts a new session.')
}
