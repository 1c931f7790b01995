import {
  type ChatRequest,
  type Host,
  isTapped,
  type Json,
  type ModelMessage,
  messageJson,
  type NewMessage,
  once,
  Problem,
  type Store,
} from 'ainative-code'
import { askProvider, type Target } from '../models/index.ts'
import { canReplace, createReply, type Reply, reportEnd } from './reply.ts'
import { createReplyWriter, type ReplyWriter } from './reply-writer.ts'

/** An event while a model replies. The event `end` has the stored message; an error may follow. */
export type ChatEvent =
  | { type: 'start'; session: string | null; provider: string; model: string | null }
  | { type: 'reasoning'; text: string }
  | { type: 'text'; text: string }
  /** Announces that a note may follow on the terminal: output that is redrawn has to be removed first. */
  | { type: 'pause' }
  | { type: 'end'; message: Json }
  | { type: 'error'; code: Problem['code']; message: string; hint?: string }

/** One request to a model, and the session in which the reply is stored. */
export interface Exchange {
  host: Host
  /** The session that the reply belongs to; null stores nothing. */
  session: string | null
  /** True if the conversation stays on this device, so that no hook sees the reply. */
  isLocal: boolean
  target: Target
  request: ChatRequest
  signal: AbortSignal
  note(text: string): void
  /** Messages that a whole reply replaces. */
  replaced: readonly ModelMessage[]
  /** The replaced messages that answer the same question. A partial reply replaces only the partial replies among them. */
  rejected: readonly ModelMessage[]
}

/** Asks a model, and stores the reply while it arrives. If the reply breaks off, stores the part that arrived and throws the cause. */
export async function* exchange(question: Exchange): AsyncGenerator<ChatEvent> {
  const { host, session, target, signal, note } = question
  const request = await runAsking(host, question.request).catch((error: unknown) => ({ ...question.request, error }))
  const reply = createReply(request)
  const store = session === null ? undefined : await host.store()
  const writer = once(() => (store && session !== null ? createReplyWriter(store, session, reply.message('partial'), note) : undefined))
  yield { type: 'start', session, provider: target.provider.name, model: request.model ?? null }
  if ('error' in request) throw request.error
  let isComplete = false
  try {
    yield* receiveChunks(question, request, reply, writer)
    isComplete = true
    const message = reply.message('complete')
    yield* storeReply(question, request, message, writer)
    if (store && session !== null) await noteTrashed(store, session, note)
    reportEnd(message, target.provider.name, note)
  } catch (error) {
    throw store && !isComplete && reply.hasContent() ? withResumeHint(error) : error
  } finally {
    // Reached after an error, after Ctrl-C, or if the consumer stops reading.
    if (!isComplete && reply.hasContent()) {
      await writer()?.finish(reply.message('partial', signal.aborted ? 'abort' : 'error'), partialIds(question.rejected))
    }
  }
}

/** Converts the chunks of a reply to events, and passes the chunks to the writer. */
async function* receiveChunks(
  { target, signal, note }: Exchange,
  request: ChatRequest,
  reply: Reply,
  writer: () => ReplyWriter | undefined,
): AsyncGenerator<ChatEvent> {
  const notes = new Set<string>()
  for await (const chunk of askProvider(target, request, signal, note)) {
    reply.add(chunk)
    // Each attempt repeats the same notes.
    if (chunk.note && !notes.has(chunk.note)) {
      yield { type: 'pause' }
      note(`${target.provider.name}: ${chunk.note}`)
      notes.add(chunk.note)
    }
    if (chunk.text || chunk.reasoning) writer()?.add(chunk)
    if (chunk.reasoning) yield { type: 'reasoning', text: chunk.reasoning }
    if (chunk.text) yield { type: 'text', text: chunk.text }
  }
}

/** Stores the whole reply, and yields the event `end`. */
async function* storeReply(
  { host, isLocal, replaced, rejected }: Exchange,
  request: ChatRequest,
  message: NewMessage,
  writer: () => ReplyWriter | undefined,
): AsyncGenerator<ChatEvent> {
  yield { type: 'pause' }
  try {
    await writer()?.finish(message, canReplace(message, rejected) ? replaced.map(({ id }) => id) : partialIds(rejected))
  } catch (error) {
    // The user can still read the reply.
    yield { type: 'end', message: messageJson({ ...message, seq: 0 }) }
    throw error
  }
  const stored = { ...message, seq: 0 }
  if (isTapped(host.hooks.replied) && !isLocal) await host.hooks.replied.promise(request, stored)
  yield { type: 'end', message: messageJson(stored) }
}

const partialIds = (messages: readonly ModelMessage[]) => messages.filter(({ state }) => state === 'partial').map(({ id }) => id)

/** Notes that another process moved the session to the trash while the model replied. */
async function noteTrashed(store: Store, session: string, note: (text: string) => void): Promise<void> {
  const [trashed] = await store.idsWithPrefix(session, true, 1)
  if (trashed) note(`the session ${session} is in the trash; ainative-code session restore ${session} brings it back`)
}

/** Adds to the hint of a Problem how to continue from the stored part of the reply. */
function withResumeHint(error: unknown): unknown {
  if (!(error instanceof Problem)) return error
  const { code, message, hint, exit, cause } = error
  return new Problem(code, message, {
    hint: [hint, 'the partial reply is stored, and ainative-code chat -r continues from there'].filter(Boolean).join('; '),
    exit,
    cause,
  })
}

const runAsking = async (host: Host, request: ChatRequest): Promise<ChatRequest> =>
  isTapped(host.hooks.asking) ? host.hooks.asking.promise(request) : request
