import { type ChatRequest, type Context, isLocalOnly, type ModelMessage } from 'ainative-code'
import { type ChatEvent, exchange } from './exchange.ts'
import { questionChange } from './question.ts'
import { requestMessages } from './request-messages.ts'
import { type ChatChoices, type ChatTarget, requireModel } from './target.ts'

/** Settings of a request to a model. */
export interface Options {
  /** False to store nothing. */
  save: boolean
  /** The maximum number of messages to send, from the last one backwards; by default all messages. */
  context?: number
  temperature?: number
  maxTokens?: number
}

/** A question to a model. */
export interface Question {
  target: ChatTarget
  choices: ChatChoices
  /** The new message; without one, the model replies to the last message again. */
  message?: string
  options: Options
  context: Pick<Context, 'host' | 'signal' | 'note'>
  /** The messages before the new one; by default the messages of the session. */
  past?: readonly ModelMessage[]
  /** Messages that are not sent; a whole reply replaces these messages. */
  replaced?: readonly ModelMessage[]
  /** The replaced messages that answer the same question. */
  rejected?: readonly ModelMessage[]
}

/** Stores the message, then asks the model with the conversation so far. */
export async function ask({ target, choices, message, options, context, ...messages }: Question): Promise<AsyncIterable<ChatEvent>> {
  const { host, signal, note } = context
  const { session, provider, model } = target
  const { replaced = [], rejected = [] } = messages
  const past = messages.past ?? (session ? await (await host.store()).modelMessages(session) : [])
  const change = message === undefined ? undefined : await questionChange(host, target, choices, message)
  if (change && options.save) await (await host.store()).save([change])
  requireModel(target)
  const sent = past.filter((each) => !replaced.some(({ id }) => id === each.id))
  const request: ChatRequest = {
    ...{ provider: provider.name, model, temperature: options.temperature, max_tokens: options.maxTokens },
    messages: requestMessages([...sent, ...(change?.append ?? [])], options.context),
  }
  const id = change?.id ?? session?.id ?? null
  const isLocal = isLocalOnly({ ...session?.metadata, ...change?.create?.metadata, ...change?.setMeta })
  return exchange({ host, session: options.save ? id : null, isLocal, target, request, signal, note, replaced, rejected })
}
