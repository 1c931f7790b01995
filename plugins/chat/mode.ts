import { styleText } from 'node:util'
import { type Context, escapeControls, type Mode, type ModelMessage, nearest, oneLine, shorten, usage } from 'ainative-code'
import { modelLabel } from '../models/index.ts'
import type { Options } from './ask.ts'
import { COMMANDS } from './commands.ts'
import { completeCommand } from './complete.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { withFiles } from './files.ts'
import { checkSession } from './presence.ts'
import type { ChatChoices, ChatTarget } from './target.ts'

const COLUMNS = 30
const QUOTES = '"""'
/** Matches a command. A path or a comment of code is not a command. */
const COMMAND = /^\/[\w-]*(\s|$)/

/** A conversation as a mode of the terminal: texts are messages, and texts that start with a slash are commands. */
export async function conversationMode(
  target: ChatTarget,
  choices: ChatChoices,
  options: Options & { fill?(input: string): string | undefined },
  context: Context,
): Promise<Mode> {
  const conversation = createConversation(target, choices, options)
  let first = options.fill
  const messages = await conversation.messages(context)
  const questions = messages.filter(({ role }) => role === 'user')
  // The editor writes history to the terminal unchanged.
  const history = questions.map(({ content }) => escapeControls(content).replace(/^\//, '//')).reverse()
  context.note(await greeting(messages.at(-1), context))
  return {
    history,
    leaving: 'Ctrl-C again leaves; so does /exit',
    prompt: () => promptOf(conversation, context.view.color),
    next: nextOf,
    complete: (before) => completeCommand(before, context.host),
    async run(text, inner) {
      const message = unquoted(text)
      if (!message.trim()) return true
      if (history[0] !== text) history.unshift(text)
      if (/^(exit|quit)$/.test(text.trim())) return false
      // Tests the text and not the message, because a slash within quotes does not start a command.
      if (COMMAND.test(text)) return runCommand(conversation, message, inner)
      if (!(await checkSession(conversation, inner))) return false
      const words = text.startsWith('//') ? message.slice(1) : message
      const whole = await withFiles(words, [words], [], inner.host.env)
      const filled = first?.(whole) ?? whole
      // A template's text would give all of its sessions the same title.
      if (first) conversation.choices.subject = whole
      first = undefined
      await conversation.ask(inner, filled)
      return true
    },
  }
}

/** The prompt; the word `chat` distinguishes it from the shell's. */
async function promptOf({ target, choices }: Conversation, color: boolean): Promise<string> {
  const name = choices.title ?? target.session?.title ?? modelLabel({ provider: target.provider.name, model: target.model })
  const limit = Math.max(8, Math.min(COLUMNS, (process.stdout.columns || 80) >> 1))
  const word = color ? styleText(['bold', 'cyan'], 'chat', { validateStream: false }) : 'chat'
  return `${word} ${await shorten(oneLine(name).trim(), limit)}> `
}

async function greeting(last: ModelMessage | undefined, context: Context): Promise<string> {
  const help = '/help lists the commands; /exit or Ctrl-D leaves'
  if (!last) return help
  return `${last.role}: ${await shorten(oneLine(last.content).trim(), context.view.width - 20)}\n${help}`
}

/** Adds a line to a message; the message continues within a paste, within triple quotes, and after a backslash. */
function nextOf(text: string | undefined, line: string, pasted: boolean) {
  const joined = text === undefined ? line : `${text}\n${line}`
  if (pasted || isQuoted(joined)) return { text: joined, whole: false }
  return joined.endsWith('\\') ? { text: joined.slice(0, -1), whole: false } : { text: joined, whole: true }
}

/** True if triple quotes are open. */
const isQuoted = (text: string) => text.trimStart().startsWith(QUOTES) && text.split(QUOTES).length % 2 === 0

function unquoted(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith(QUOTES) || !trimmed.endsWith(QUOTES) || trimmed.length < 6) return text.trimEnd()
  return trimmed.slice(3, -3).replace(/^\n|\n$/g, '')
}

async function runCommand(conversation: Conversation, text: string, context: Context): Promise<boolean> {
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  const command = COMMANDS.find((each) => each.name === name || each.aliases?.includes(name))
  if (command && rest.trim() && !command.takes)
    throw usage(`/${name} takes no argument`, 'to send a message that starts with a slash, type two slashes')
  if (command && !command.free && !(await checkSession(conversation, context))) return false
  if (command) return (await command.run(conversation, rest.trim(), context)) !== false
  const close = nearest(
    name,
    COMMANDS.map((each) => each.name),
  )
  throw usage(
    `there is no command /${name}`,
    close ? `did you mean /${close}?` : '/help lists the commands; to send a message that starts with a slash, type two slashes',
  )
}
