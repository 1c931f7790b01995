import { type Context, type Message, type ModelMessage, newMessageId, Problem, type Session } from 'ainative-code'
import { ask, type Options } from './ask.ts'
import { disableEcho } from './echo.ts'
import { withSummary, withWaiting } from './events.ts'
import type { ChatEvent } from './exchange.ts'
import { printChat } from './print.ts'
import { canReplace } from './reply.ts'
import { type ChatChoices, type ChatTarget, chatTarget } from './target.ts'

/** A conversation on a terminal. */
export interface Conversation {
  /** The provider, the model and the session of the next message; the first message creates the session. */
  target: ChatTarget
  /** The settings of the next message, and of a session that does not exist yet. */
  choices: ChatChoices
  /** False with --no-save. */
  saves: boolean
  /** Reads the current messages. */
  messages(context: Context): Promise<ModelMessage[]>
  /** Asks the model and shows the reply while it arrives; without a message, asks for another reply to the last one. A whole reply replaces `replaced`. */
  ask(context: Context, message?: string, replaced?: readonly ModelMessage[]): Promise<void>
  /** Removes messages, and cancels a pending edit: the messages that the edit should have replaced stay. */
  remove(context: Context, ids: string[]): Promise<void>
  /** Continues in a session, with its current stored state. */
  goTo(context: Context, id: string): Promise<Session>
  /** Continues without a session; the next message creates one. */
  startOver(): void
}

interface State {
  options: Options
  /** With --no-save: the messages of the session at the start, and the later messages. */
  unsaved?: ModelMessage[]
  /** Resolves when the last reply is stored, which may be after Ctrl-C. */
  writing: Promise<unknown>
  /** Messages that an edit replaces once there is a whole reply; they stay if the conversation continues without one. */
  edited: ModelMessage[]
}

/** Starts a conversation. `target` and `choices` apply to its first message. */
export function createConversation(target: ChatTarget, choices: ChatChoices, options: Options): Conversation {
  const state: State = { options, writing: Promise.resolve(), edited: [] }
  const conversation: Conversation = {
    ...{ target, choices, saves: options.save },
    messages: (context) => readMessages(conversation, state, context),
    ask: (context, message, replaced = []) => askModel(conversation, state, context, message, replaced),
    async remove(context, ids) {
      state.edited = []
      state.unsaved = state.unsaved?.filter(({ id }) => !ids.includes(id))
      const { session } = conversation.target
      if (session && options.save) await (await context.host.store()).save([{ id: session.id, removeMessages: ids }])
    },
    async goTo({ host, signal }, id) {
      const session = await (await host.store()).get(id)
      if (!session)
        throw new Problem('no-session', `the session ${id} no longer exists`, { hint: 'leave with /exit, and start another chat' })
      if (id !== conversation.target.session?.id) state.edited = []
      conversation.target = await chatTarget(host, {}, session, signal)
      return session
    },
    startOver() {
      state.edited = []
      state.unsaved = options.save ? undefined : []
      const { provider, model } = conversation.target
      conversation.target = { provider, model }
    },
  }
  return conversation
}

async function readMessages({ target: { session } }: Conversation, state: State, { host }: Context): Promise<ModelMessage[]> {
  await state.writing
  const stored = async () => (session ? (await host.store()).modelMessages(session) : [])
  if (state.options.save) return stored()
  state.unsaved ??= await stored()
  return state.unsaved
}

async function askModel(
  conversation: Conversation,
  state: State,
  context: Context,
  message: string | undefined,
  selected: readonly ModelMessage[],
): Promise<void> {
  const isEdit = message !== undefined && selected.length > 0
  if (message !== undefined && !isEdit) state.edited = []
  const replaced = [...state.edited, ...selected]
  if (isEdit) state.edited = replaced
  const past = await conversation.messages(context)
  const { choices } = conversation
  // Each message reads the provider's settings again, because the key may have changed.
  const { connected: _, ...target } = conversation.target
  const rejected = message === undefined ? selected : []
  const events = await ask({ target, choices, options: state.options, message, context, past, replaced, rejected })
  // The settings applied only to this message.
  if (message !== undefined) conversation.choices = state.options.save ? {} : { ...choices, system: undefined }
  const shown = showReply(conversation, state, context, events, {
    message,
    system: message === undefined ? undefined : choices.system,
    replaced,
  })
  state.writing = shown.catch(() => undefined)
  await shown
}

interface Question {
  message?: string
  system?: string
  replaced: readonly ModelMessage[]
}

async function showReply(
  conversation: Conversation,
  state: State,
  context: Context,
  events: AsyncIterable<ChatEvent>,
  question: Question,
): Promise<void> {
  let text = ''
  let end: Message | undefined
  const watched = async function* () {
    for await (const event of events) {
      if (event.type === 'start' && event.session) await conversation.goTo(context, event.session)
      if (event.type === 'text') text += event.text
      if (event.type === 'end') end = event.message as unknown as Message
      yield event
    }
  }
  const unmute = disableEcho(context)
  try {
    await context.show(printChat(withWaiting(withSummary(watched(), context), context), context.view))
  } finally {
    unmute()
    const isWhole = end !== undefined && canReplace(end, question.message === undefined ? question.replaced : [])
    if (!state.options.save) state.unsaved = unsavedAfter(state.unsaved ?? [], question, end ?? partialReply(text), isWhole)
    if (isWhole) state.edited = []
  }
}

const messageOf = (role: ModelMessage['role'], content = ''): ModelMessage[] => (content ? [{ id: newMessageId(), role, content }] : [])

const partialReply = (text: string): ModelMessage | undefined =>
  messageOf('assistant', text).map((reply) => ({ ...reply, state: 'partial' as const }))[0]

/** Returns the messages of a conversation that stores nothing, updated with a question and its reply. */
function unsavedAfter(
  past: ModelMessage[],
  { message, system, replaced }: Question,
  reply: ModelMessage | undefined,
  isWhole: boolean,
): ModelMessage[] {
  const left = past.filter((each) => !isWhole || !replaced.some(({ id }) => id === each.id))
  return [...left, ...messageOf('system', system), ...messageOf('user', message), ...(reply ? [reply] : [])]
}
