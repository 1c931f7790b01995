import { type Context, type Message, newMessageId, Problem, type Said, type Session } from 'ainative-code'
import { ask, type Options } from './ask.ts'
import { muteKeys } from './echo.ts'
import { withSummary, withWaiting } from './events.ts'
import { type ChatEvent, mayReplace } from './exchange.ts'
import { printChat } from './print.ts'
import { type ChatTarget, chatTarget, type Wishes } from './target.ts'

/** A conversation under way. */
export interface Conversation {
  /** Where the next message goes; its session is there from the first message on. */
  target: ChatTarget
  /** What is wished for the next message, and for a session that is not there yet. */
  wishes: Wishes
  /** Whether anything is stored. */
  saves: boolean
  /** Its messages as they are now. */
  messages(context: Context): Promise<Said[]>
  /** Asks, and shows the reply as it comes; without a message, for another reply to the last one. Some messages give way to it. */
  ask(context: Context, message?: string, instead?: readonly Said[]): Promise<void>
  /** Takes messages out; those that were to give way to them stay. */
  remove(context: Context, ids: string[]): Promise<void>
  /** Goes on in another session, or in the same one as it is now. */
  goTo(context: Context, id: string): Promise<Session>
  /** Goes on without a session; the next message creates one. */
  startOver(): void
}

export function createConversation(target: ChatTarget, wishes: Wishes, options: Options): Conversation {
  /** What was said where nothing is stored, with what the session held at the start. */
  let unsaved: Said[] | undefined
  /** After Ctrl-C the end of a reply may still be stored. */
  let busy: Promise<unknown> = Promise.resolve()
  /** What an edit is to replace: it goes once there is a whole reply, and stays where the conversation goes on without one. */
  let replaced: Said[] = []
  const show = async (context: Context, events: AsyncIterable<ChatEvent>, instead: Said[], message?: string, system?: string) => {
    let came = ''
    let end: Message | undefined
    const noticed = async function* () {
      for await (const event of events) {
        if (event.type === 'start' && event.session) await conversation.goTo(context, event.session)
        if (event.type === 'text') came += event.text
        if (event.type === 'end') end = event.message as unknown as Message
        yield event
      }
    }
    const unmute = muteKeys(context)
    try {
      await context.show(printChat(withWaiting(withSummary(noticed(), context), context), context.view))
    } finally {
      unmute()
      const whole = end && mayReplace(end, message === undefined ? instead : [])
      if (!options.save) {
        const said = (role: Said['role'], content = '') => (content ? [{ id: newMessageId(), role, content }] : [])
        const partial = said('assistant', came).map((reply) => ({ ...reply, state: 'partial' as const }))
        const left = (unsaved ?? []).filter((each) => !whole || !instead.some(({ id }) => id === each.id))
        unsaved = [...left, ...said('system', system), ...said('user', message), ...(end ? [end] : partial)]
      }
      if (whole) replaced = []
    }
  }
  const conversation: Conversation = {
    ...{ target, wishes, saves: options.save },
    async messages({ host }) {
      await busy
      const { session } = conversation.target
      const said = async () => (session ? (await host.store()).said(session) : [])
      if (options.save) return said()
      unsaved ??= await said()
      return unsaved
    },
    async ask(context, message, given = []) {
      const edits = message !== undefined && given.length > 0
      if (message !== undefined && !edits) replaced = []
      const instead = [...replaced, ...given]
      if (edits) replaced = instead
      const past = await conversation.messages(context)
      const { target, wishes } = conversation
      const events = await ask({ target, wishes, options, message, context, past, instead, again: message === undefined ? given : [] })
      // They were for this message.
      if (message !== undefined) conversation.wishes = options.save ? {} : { ...wishes, system: undefined }
      const shown = show(context, events, instead, message, message === undefined ? undefined : wishes.system)
      busy = shown.catch(() => undefined)
      await shown
    },
    async remove(context, ids) {
      replaced = []
      unsaved = unsaved?.filter(({ id }) => !ids.includes(id))
      const { session } = conversation.target
      if (session && options.save) await (await context.host.store()).save([{ id: session.id, removeMessages: ids }])
    },
    async goTo({ host, signal }, id) {
      const session = await (await host.store()).get(id)
      if (!session)
        throw new Problem('no-session', `the session ${id} is gone`, { hint: '/exit leaves, and ainative-code chat begins another' })
      if (id !== conversation.target.session?.id) replaced = []
      conversation.target = await chatTarget(host, {}, session, signal)
      return session
    },
    startOver() {
      replaced = []
      unsaved = options.save ? undefined : []
      const { provider, model } = conversation.target
      conversation.target = { provider, model }
    },
  }
  return conversation
}
