import type { ChatRequest, Context, Said } from 'ainative-code'
import { type ChatEvent, exchange } from './exchange.ts'
import { questionChange } from './question.ts'
import { requestMessages } from './request-messages.ts'
import { type ChatTarget, requireModel, type Wishes } from './target.ts'

/** How a model is asked. */
export interface Options {
  /** Whether anything is stored. */
  save: boolean
  /** How many of the last messages are sent; all of them by default. */
  context?: number
  temperature?: number
  maxTokens?: number
}

/** What a model is asked, and where. */
export interface Question {
  target: ChatTarget
  wishes: Wishes
  /** The new message; without one, the conversation so far is asked again. */
  message?: string
  options: Options
  context: Pick<Context, 'host' | 'signal' | 'note'>
  /** What was said before, where that is not what the session holds. */
  past?: readonly Said[]
  /** Messages that are not sent, and give way to the reply. */
  instead?: readonly Said[]
  /** Those of them that are replies to the same message. */
  again?: readonly Said[]
}

/** Stores the message, then asks with the conversation so far. */
export async function ask({
  target,
  wishes,
  message,
  options,
  context,
  past,
  instead = [],
  again = [],
}: Question): Promise<AsyncIterable<ChatEvent>> {
  const { host, signal, note } = context
  const { session, provider, model } = target
  const before = past ?? (session ? await (await host.store()).said(session) : [])
  const change = message === undefined ? undefined : await questionChange(host, target, wishes, message)
  if (change && options.save) await (await host.store()).save([change])
  requireModel(target)
  const kept = before.filter((each) => !instead.some(({ id }) => id === each.id))
  const request: ChatRequest = {
    ...{ provider: provider.name, model, temperature: options.temperature, max_tokens: options.maxTokens },
    messages: requestMessages([...kept, ...(change?.append ?? [])], options.context),
  }
  const id = change?.id ?? session?.id ?? null
  return exchange({ host, session: options.save ? id : null, target, request, signal, note, instead, again })
}
