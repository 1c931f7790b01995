import path from 'node:path'
import { type Context, editor, helpTexts, oneLine, Problem, type Said, type SessionFields, splitTags, usage } from 'ainative-code'
import { SESSION_COMMANDS } from './session-commands.ts'
import type { Talk } from './talk.ts'
import { say, stored, type TalkCommand } from './talk-command.ts'
import { namedModel, ready, type Target, targetOf } from './target.ts'

const nameOf = ({ provider, model }: Target) => [provider.name, model].filter(Boolean).join('/')

async function inEditor(text: string, { host, signal }: Context): Promise<string> {
  const { editText } = await editor()
  return (await editText(text, { name: 'message.md', env: host.env, signal }, (after) => after.replace(/\r?\n$/, ''))) ?? text
}

const words = (rest: string) => rest.split(/\s+/).filter(Boolean)

export const COMMANDS: TalkCommand[] = [
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
    summary: 'Show the title, or give another one',
    async run(talk, text, context) {
      if (!text) return say(context, talk.wishes.title ?? talk.target.session?.title ?? 'The first message gives it its title.')
      await change(talk, context, { title: text })
    },
  },
  {
    name: 'model',
    takes: '[name]',
    summary: 'Show the model, or ask another one',
    like: ['chat', '--model'],
    async run(talk, model, context) {
      if (!model) return say(context, nameOf(talk.target))
      const { session, provider } = talk.target
      const named = await namedModel(context.host, model, provider.name)
      await goOver(talk, context, await targetOf(context.host, { provider: provider.name, ...named }, session, context.signal))
    },
  },
  {
    name: 'provider',
    takes: '[name]',
    summary: 'Show the provider, or ask another one',
    like: ['chat', '--provider'],
    async run(talk, name, context) {
      if (!name) return say(context, talk.target.provider.name)
      await goOver(talk, context, await targetOf(context.host, { provider: name }, undefined, context.signal))
    },
  },
  {
    name: 'system',
    takes: '[text]',
    summary: 'Show the system prompt, or set another; "" clears it',
    async run(talk, text, context) {
      const now = talk.wishes.system ?? (await talk.messages(context)).findLast(({ role }) => role === 'system')?.content
      if (!text) return say(context, now || 'There is no system prompt.')
      talk.wishes.system = /^(""|'')$/.test(text) ? (now ? '' : undefined) : text
      return say(context, `${talk.wishes.system ? 'The new system prompt' : 'No system prompt'} is sent with the next message.`)
    },
  },
  {
    name: 'tag',
    takes: '[tag …]',
    summary: 'Show the tags, or add some',
    like: ['session', 'tag', 'last'],
    async run(talk, rest, context) {
      const { session } = talk.target
      if (!rest) return say(context, (talk.wishes.tags ?? session?.tags ?? []).join(', ') || 'It has no tags.')
      if (!session || !talk.saves) talk.wishes.tags = [...(talk.wishes.tags ?? session?.tags ?? []), ...words(rest).flatMap(splitTags)]
      else {
        await context.runLine(['session', 'tag', session.id, '--', ...words(rest)])
        await talk.goTo(context, session.id)
      }
    },
  },
  {
    name: 'retry',
    summary: 'Ask for another reply to the last message',
    async run(talk, _, context) {
      const { replies } = await lastExchange(talk, context)
      await talk.ask(context, undefined, replies)
    },
  },
  {
    name: 'edit',
    takes: '[text]',
    summary: 'Change the last message, in $EDITOR without a text, and ask again',
    async run(talk, text, context) {
      const { question, replies } = await lastExchange(talk, context)
      const edited = text || (await inEditor(question.content, context))
      if (!edited.trim() || edited === question.content) return say(context, 'Nothing was changed.')
      await talk.ask(context, edited, [question, ...replies])
    },
  },
  {
    name: 'undo',
    summary: 'Take out the last message and its reply',
    async run(talk, _, context) {
      const { question, replies } = await lastExchange(talk, context)
      await talk.remove(context, idsOf([question, ...replies]))
      return say(context, `Took out: ${oneLine(question.content)}`)
    },
  },
  {
    name: 'branch',
    takes: '[title]',
    summary: 'Go on in a copy of the session',
    async run(talk, title, context) {
      const { id } = stored(talk)
      await talk.messages(context)
      const copy = (await context.runLine(['session', 'fork', id, ...(title ? ['--title', title] : [])], { silent: true })) as {
        id: string
      }
      await context.runLine(['session', 'use', copy.id], { silent: true })
      const session = await talk.goTo(context, copy.id)
      return say(context, `Now in ${session.id}: ${oneLine(session.title)}`)
    },
  },
  {
    name: 'save',
    takes: 'FILE',
    summary: 'Write the session to a file, in the format of its name',
    like: ['session', 'export', '-o'],
    async run(talk, given, context) {
      if (!given) throw usage('/save needs a file', 'such as /save talk.md')
      const file = given.replace(/^(["'])(.*)\1$/, '$2')
      await talk.messages(context)
      const format = context.host
        .formats()
        .all()
        .find(({ extension }) => extension === path.extname(file))
      await context.runLine(['session', 'export', stored(talk).id, '-o', file, ...(format ? ['--format', format.name] : [])])
    },
  },
  ...SESSION_COMMANDS,
  { name: 'exit', aliases: ['quit'], summary: 'Leave', free: true, run: async () => false },
]

/** Asks another one from here on. */
async function goOver(talk: Talk, context: Context, target: Target): Promise<void> {
  const { provider, model } = ready(target)
  talk.target = { session: talk.target.session, provider, model }
  await change(talk, context, { provider: provider.name, model: model ?? null })
  await say(context, nameOf(talk.target))
}

/** Changes the session, or what it will be. */
async function change(talk: Talk, context: Context, set: Partial<SessionFields>): Promise<void> {
  const { session } = talk.target
  const stays = session && talk.saves
  if (!stays && set.title !== undefined) talk.wishes.title = set.title
  if (!stays) return
  await (await context.host.store()).save([{ id: session.id, set }])
  const { model, provider } = talk.target
  talk.target = { session: { ...session, ...(set as object) }, provider, model }
}

const idsOf = (messages: Said[]) => messages.map(({ id }) => id)

/** The last message of the user's, and what came after it. */
async function lastExchange(talk: Talk, context: Context): Promise<{ question: Said; replies: Said[] }> {
  const messages = await talk.messages(context)
  const at = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[at]
  if (question) return { question, replies: messages.slice(at + 1) }
  throw new Problem('no-message', 'there is no message yet')
}
