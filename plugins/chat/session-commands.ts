import { type Context, copyText, Problem } from 'ainative-code'
import type { Talk } from './talk.ts'
import { say, stored, type TalkCommand } from './talk-command.ts'

/** Commands about the session and its replies. */
export const SESSION_COMMANDS: TalkCommand[] = [
  {
    name: 'copy',
    summary: 'Copy the last reply to the clipboard',
    async run(talk, _, context) {
      const reply = (await talk.messages(context)).findLast(({ role }) => role === 'assistant')
      if (!reply) throw new Problem('no-message', 'there is no reply yet')
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
    async run(talk, _, context) {
      const { id } = stored(talk)
      await talk.messages(context)
      await context.runLine(['session', 'show', id])
    },
  },
  { name: 'sessions', summary: 'List the latest sessions', free: true, run: (_, __, context) => context.runLine(['session', 'list']) },
  { name: 'new', summary: 'Start a new session with the next message', free: true, run: startNew },
  {
    name: 'clear',
    summary: 'Clear the screen, and start a new session with the next message',
    free: true,
    async run(talk, rest, context) {
      if (context.interactive && context.host.env.TERM !== 'dumb') await context.show('\x1b[2J\x1b[H')
      return startNew(talk, rest, context)
    },
  },
]

async function startNew(talk: Talk, _: string, context: Context): Promise<unknown> {
  await talk.messages(context)
  talk.startOver()
  return say(context, 'The next message starts a new session.')
}
