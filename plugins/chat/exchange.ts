import {
  type ChatChunk,
  type ChatRequest,
  type Host,
  isoTime,
  type Json,
  type Message,
  messageJson,
  type NewMessage,
  newMessageId,
  once,
  Problem,
  type Provider,
  type Said,
  type Store,
} from 'ainative-code'
import { attempt } from './attempts.ts'
import { wholeCharacters } from './characters.ts'
import { contentOf, createKeeper } from './keeper.ts'

/** What happens while a model answers; the end holds the message as it is stored, and an error may come after it. */
export type ChatEvent =
  | { type: 'start'; session: string | null; provider: string; model: string | null }
  | { type: 'reasoning'; text: string }
  | { type: 'text'; text: string }
  /** A note may follow on the terminal: what is drawn over has to be out of its way. */
  | { type: 'pause' }
  | { type: 'end'; message: Json }
  | { type: 'error'; code: Problem['code']; message: string; hint?: string }

/** One question to a model. */
export interface Exchange {
  host: Host
  /** The session that the reply goes to; null keeps nothing. */
  session: string | null
  provider: Provider
  request: ChatRequest
  signal: AbortSignal
  note(text: string): void
  /** Messages that the reply takes the place of once it is whole. */
  instead: readonly Said[]
  /** Those of them that are replies to the same message: of the partial ones it takes the place even where it is not whole. */
  again: readonly Said[]
}

/** Asks, and stores the reply as it comes. Whatever ends it, what came stays in the session; then the reason is thrown. */
export async function* exchange({
  host,
  session,
  provider,
  request: given,
  signal,
  note,
  instead,
  again,
}: Exchange): AsyncGenerator<ChatEvent> {
  const request = await asked(host, given).catch((error: unknown) => ({ ...given, error }))
  const reply = startReply(request)
  const store = session === null ? undefined : await host.store()
  const keep = once(() => (store && session !== null ? createKeeper(store, session, reply.message('partial'), note) : undefined))
  yield { type: 'start', session, provider: provider.name, model: request.model ?? null }
  if ('error' in request) throw request.error
  const partial = again.filter(({ state }) => state === 'partial')
  const told = new Set<string>()
  let settled = false
  try {
    for await (const chunk of wholeCharacters(attempt(provider, request, signal, note))) {
      reply.add(chunk)
      // Each try tells it again.
      if (chunk.note && !told.has(chunk.note)) {
        yield { type: 'pause' }
        note(`${provider.name}: ${chunk.note}`)
        told.add(chunk.note)
      }
      if (chunk.text || chunk.reasoning) keep()?.add(chunk)
      if (chunk.reasoning) yield { type: 'reasoning', text: chunk.reasoning }
      if (chunk.text) yield { type: 'text', text: chunk.text }
    }
    settled = true
    const message = reply.message('complete')
    yield { type: 'pause' }
    try {
      await keep()?.settle(message, idsOf(mayReplace(message, again) ? instead : partial))
    } catch (error) {
      // It is still there to be read.
      yield { type: 'end', message: messageJson({ ...message, seq: 0 }) }
      throw error
    }
    yield { type: 'end', message: messageJson(await replied(host, request, message)) }
    if (store && session !== null) await noteTrashed(store, session, note)
    endWell(message, provider.name, note)
  } catch (error) {
    throw store && !settled && reply.came() ? goingOn(error) : error
  } finally {
    // An error, Ctrl-C, or a reader that left.
    if (!settled && reply.came()) await keep()?.settle(reply.message('partial', signal.aborted ? 'abort' : 'error'), idsOf(partial))
  }
}

/** Says that another process moved the session to the trash while the model answered. */
async function noteTrashed(store: Store, session: string, note: (text: string) => void): Promise<void> {
  const [trashed] = await store.idsWithPrefix(session, true, 1)
  if (trashed) note(`the session ${session} is in the trash; ainative-code session restore ${session} brings it back`)
}

const idsOf = (messages: readonly Said[]) => messages.map(({ id }) => id)

/** What came is there to go on from. */
function goingOn(error: unknown): unknown {
  if (!(error instanceof Problem)) return error
  const { code, message, hint, exit, cause } = error
  return new Problem(code, message, {
    hint: [hint, 'what came is kept, and ainative-code chat -r goes on from it'].filter(Boolean).join('; '),
    exit,
    cause,
  })
}

const asked = async (host: Host, request: ChatRequest): Promise<ChatRequest> =>
  host.hooks.asking.isUsed() ? host.hooks.asking.promise(request) : request

async function replied(host: Host, request: ChatRequest, message: NewMessage): Promise<Message> {
  const stored = { ...message, seq: 0 }
  if (host.hooks.replied.isUsed()) await host.hooks.replied.promise(request, stored)
  return stored
}

type Ended = Pick<Message, 'content' | 'parts' | 'finish_reason'>

/** Reasons for the end of a whole reply, as providers of plugins may write them as well; with any other it replaces no reply. */
const WHOLE = /^(stop|end|eos|complete|done|finish|tool|function)/i

/** True for a reply that says something and came to its end. One that ended at its length limit does not replace a whole reply in `again`. */
export function mayReplace(reply: Ended, again: readonly Said[]): boolean {
  const { finish_reason = '' } = reply
  if (isEmpty(reply)) return false
  if (finish_reason === 'length') return again.every(({ state }) => state === 'partial')
  return finish_reason === '' || WHOLE.test(finish_reason)
}

const isEmpty = ({ content, parts = [] }: Ended) =>
  content.trim() === '' && parts.every((part) => ['text', 'reasoning'].includes((part as { type?: string }).type ?? ''))

/** Notes what is wrong with the end of a reply; an end by a content filter is a failure. */
function endWell(message: NewMessage, name: string, note: (text: string) => void): void {
  const { finish_reason } = message
  if (isEmpty(message) && finish_reason !== 'content-filter') note('the reply is empty')
  if (finish_reason === 'other' || finish_reason === 'error') note(`${name} ended the reply, and does not say why`)
  if (finish_reason === 'length') note('the reply was cut at the limit of its length; --max-tokens allows more')
  if (finish_reason !== 'content-filter') return
  throw new Problem('filtered', `the content filter of ${name} ended the reply`, { hint: 'say it in other words, or ask another model' })
}

/** Gathers a reply. */
function startReply(request: ChatRequest) {
  const start = Date.now()
  const whole = { text: '', reasoning: '', parts: [] as Json[] }
  const known: ChatChunk = {}
  let first: number | undefined
  const id = newMessageId()
  return {
    came: () => first !== undefined,
    add({ text, reasoning, part, note: _, ...rest }: ChatChunk) {
      if (text || reasoning || part) first ??= Date.now()
      if (part) whole.parts.push(part)
      if (text) whole.text += text
      if (reasoning) whole.reasoning += reasoning
      Object.assign(known, rest)
    },
    message(state: 'complete' | 'partial', why?: string): NewMessage {
      const { usage, cost, finish_reason = why, model } = known
      return {
        ...{ id, role: 'assistant', ...contentOf(whole) },
        timestamp: isoTime(first ?? Date.now()),
        ...{ provider: request.provider, model: request.model ?? model },
        ...(usage && { usage }),
        ...(cost && { cost }),
        latency_ms: Date.now() - start,
        ...(first !== undefined && { first_token_ms: first - start }),
        ...(finish_reason !== undefined && { finish_reason }),
        ...(state === 'partial' && { state }),
      }
    },
  }
}
