import path from 'node:path'
import {
  type Context,
  editor,
  helpTexts,
  type ModelMessage,
  oneLine,
  Problem,
  type SessionFields,
  splitTags,
  splitWords,
  usage,
} from 'ainative-code'
import { modelLabel, resolveTarget, splitModel, type Target } from '../models/index.ts'
import type { Conversation } from './conversation.ts'
import { type ConversationCommand, requireSession, say } from './conversation-command.ts'
import { SESSION_COMMANDS } from './session-commands.ts'
import { requireModel } from './target.ts'

const labelOf = ({ provider, model }: Target) => modelLabel({ provider: provider.name, model })

async function inEditor(text: string, { host, signal }: Context): Promise<string> {
  const { editText } = await editor()
  return (await editText(text, { name: 'message.md', env: host.env, signal }, (after) => after.replace(/\r?\n$/, ''))) ?? text
}

/** The commands of a conversation, such as /help. */
export const COMMANDS: ConversationCommand[] = [
  {
    name: 'help',
    summary: 'Show these commands',
    free: true,
    async run(_, __, { show, view }) {
      const rows = COMMANDS.map(({ name, takes, summary }) => ({ name: `/${name}${takes ? ` ${takes}` : ''}`, about: summary }))
      const page = (await helpTexts()).renderPage({ usage: 'MESSAGE or /COMMAND', sections: [{ title: 'Commands', rows }] }, view)
      await show(
        (async function* () {
          yield page
        })(),
      )
    },
  },
  {
    name: 'title',
    takes: '[text]',
    summary: 'Show or change the title',
    async run(conversation, text, context) {
      if (!text)
        return say(
          context,
          conversation.choices.title ?? conversation.target.session?.title ?? 'There is no title yet; the first message sets it.',
        )
      await change(conversation, context, { title: text })
    },
  },
  {
    name: 'model',
    takes: '[name]',
    summary: 'Show or change the model',
    like: ['chat', '--model'],
    async run(conversation, model, context) {
      if (!model) return say(context, labelOf(conversation.target))
      const { session, provider } = conversation.target
      const names = await splitModel(context.host, model, provider.name)
      await switchTo(
        conversation,
        context,
        await resolveTarget(context.host, { provider: provider.name, ...names }, session, context.signal),
      )
    },
  },
  {
    name: 'provider',
    takes: '[name]',
    summary: 'Show or change the provider',
    like: ['chat', '--provider'],
    async run(conversation, name, context) {
      if (!name) return say(context, conversation.target.provider.name)
      await switchTo(conversation, context, await resolveTarget(context.host, { provider: name }, undefined, context.signal))
    },
  },
  {
    name: 'system',
    takes: '[text]',
    summary: 'Show or change the system prompt; "" clears it',
    async run(conversation, text, context) {
      const current =
        conversation.choices.system ?? (await conversation.messages(context)).findLast(({ role }) => role === 'system')?.content
      if (!text) return say(context, current || 'There is no system prompt.')
      conversation.choices.system = /^(""|'')$/.test(text) ? (current ? '' : undefined) : text
      return say(context, `${conversation.choices.system ? 'The new system prompt' : 'No system prompt'} is sent with the next message.`)
    },
  },
  {
    name: 'tag',
    takes: '[tag …]',
    summary: 'Show or add tags',
    like: ['session', 'tag', 'last'],
    async run(conversation, rest, context) {
      const { session } = conversation.target
      if (!rest) return say(context, (conversation.choices.tags ?? session?.tags ?? []).join(', ') || 'There are no tags.')
      if (!session || !conversation.saves)
        conversation.choices.tags = [...(conversation.choices.tags ?? session?.tags ?? []), ...splitWords(rest).flatMap(splitTags)]
      else {
        await context.runLine(['session', 'tag', session.id, '--', ...splitWords(rest)])
        await conversation.goTo(context, session.id)
      }
    },
  },
  {
    name: 'retry',
    summary: 'Ask for another reply to the last message',
    async run(conversation, _, context) {
      const { replies } = await lastExchange(conversation, context)
      await conversation.ask(context, undefined, replies)
    },
  },
  {
    name: 'edit',
    takes: '[text]',
    summary: 'Change the last message and ask again; without a text, in $EDITOR',
    async run(conversation, text, context) {
      const { question, replies } = await lastExchange(conversation, context)
      const edited = text || (await inEditor(question.content, context))
      if (!edited.trim() || edited === question.content) return say(context, 'The message was not changed.')
      await conversation.ask(context, edited, [question, ...replies])
    },
  },
  {
    name: 'undo',
    summary: 'Remove the last message and its reply',
    async run(conversation, _, context) {
      const { question, replies } = await lastExchange(conversation, context)
      await conversation.remove(context, idsOf([question, ...replies]))
      return say(context, `Removed: ${oneLine(question.content)}`)
    },
  },
  {
    name: 'branch',
    takes: '[title]',
    summary: 'Continue in a copy of the session',
    async run(conversation, title, context) {
      const { id } = requireSession(conversation)
      await conversation.messages(context)
      const copy = (await context.runLine(['session', 'fork', id, ...(title ? ['--title', title] : [])], { silent: true })) as {
        id: string
      }
      await context.runLine(['session', 'use', copy.id], { silent: true })
      const session = await conversation.goTo(context, copy.id)
      return say(context, `Continuing in ${session.id}: ${oneLine(session.title)}`)
    },
  },
  {
    name: 'save',
    takes: 'FILE',
    summary: 'Write the session to a file; its extension sets the format',
    like: ['session', 'export', '-o'],
    async run(conversation, argument, context) {
      if (!argument) throw usage('/save needs a file name', 'for example /save talk.md')
      const file = argument.replace(/^(["'])(.*)\1$/, '$2')
      await conversation.messages(context)
      const format = context.host
        .formats()
        .all()
        .find(({ extension }) => extension === path.extname(file))
      await context.runLine([
        'session',
        'export',
        requireSession(conversation).id,
        '-o',
        file,
        ...(format ? ['--format', format.name] : []),
      ])
    },
  },
  ...SESSION_COMMANDS,
  { name: 'exit', aliases: ['quit'], summary: 'Leave the conversation', free: true, run: async () => false },
]

/** Sets the model for the following messages. */
async function switchTo(conversation: Conversation, context: Context, target: Target): Promise<void> {
  const { provider, model } = requireModel(target)
  conversation.target = { session: conversation.target.session, provider, model }
  await change(conversation, context, { provider: provider.name, model: model ?? null })
  await say(context, labelOf(conversation.target))
}

/** Changes the session, or the settings for a session that does not exist yet. */
async function change(conversation: Conversation, context: Context, set: Partial<SessionFields>): Promise<void> {
  const { session } = conversation.target
  const isStored = session && conversation.saves
  if (!isStored && set.title !== undefined) conversation.choices.title = set.title
  if (!isStored) return
  await (await context.host.store()).save([{ id: session.id, set }])
  const { model, provider } = conversation.target
  conversation.target = { session: { ...session, ...(set as object) }, provider, model }
}

const idsOf = (messages: ModelMessage[]) => messages.map(({ id }) => id)

/** The user's last message, and the replies to it. */
async function lastExchange(conversation: Conversation, context: Context): Promise<{ question: ModelMessage; replies: ModelMessage[] }> {
  const messages = await conversation.messages(context)
  const at = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[at]
  if (question) return { question, replies: messages.slice(at + 1) }
  throw new Problem('no-message', 'there is no message yet', { hint: 'type a message first' })
}
