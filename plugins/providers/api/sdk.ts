import type { LanguageModelV3, LanguageModelV3Prompt, LanguageModelV3Usage, SharedV3ProviderOptions } from '@ai-sdk/provider'
import { type ChatChunk, messageOf, type Usage } from 'ainative-code'
import type { NamedRequest, Settings } from '../shipped.ts'
import { streamed } from '../streamed.ts'
import { watchSettings } from './setting-notes.ts'

/** What differs between the SDKs. */
interface Ask {
  /** Options for them, as their documentation names them. */
  options?: SharedV3ProviderOptions
  /** Looks at each piece as the server sent it; gives an error that the SDK would swallow. */
  failure?(raw: unknown): unknown
  /** Whether a piece is the last one, where the stream itself does not say so. */
  ends?(raw: unknown): boolean
  /** What the model says where it refuses; the SDK would leave it out. */
  refusal?(raw: unknown): string | undefined
  /** Whether each of its texts is a message of its own. */
  apart?: boolean
}

/** Asks a model of the AI SDK, which is made with the fetch that it gets, and gives what comes in our form. */
export async function* replyOf(
  make: (fetch: typeof globalThis.fetch) => LanguageModelV3,
  request: NamedRequest,
  settings: Settings,
  signal: AbortSignal,
  { options = {}, failure, ends, refusal, apart }: Ask = {},
): AsyncIterable<ChatChunk> {
  const wire = streamed(settings.fetch)
  const given = {
    temperature: request.temperature ?? settings.temperature,
    maxOutputTokens: request.max_tokens ?? settings.max_tokens,
    topP: settings.top_p,
  }
  const watch = watchSettings(wire.fetch, given)
  const { stream } = await make(watch.fetch).doStream({
    ...given,
    prompt: promptOf(request),
    abortSignal: signal,
    providerOptions: options,
    includeRawChunks: Boolean(failure ?? ends ?? refusal),
  })
  let finished = false
  let thought = false
  let said = false
  let refused = false
  for await (const part of stream) {
    if (part.type === 'stream-start') yield* watch.notes(part.warnings)
    if (part.type === 'text-start' && apart && said) yield { text: '\n\n' }
    else if (part.type === 'text-delta') {
      said = true
      yield { text: part.delta }
    } else if (part.type === 'reasoning-start' && thought) yield { reasoning: '\n\n' }
    else if (part.type === 'reasoning-delta') {
      thought = true
      yield { reasoning: part.delta }
    } else if (part.type === 'response-metadata' && part.modelId) yield { model: part.modelId }
    else if (part.type === 'error' && !isUnfinished(part.error)) throw part.error
    else if (part.type === 'raw') {
      const error = failure?.(part.rawValue)
      if (error !== undefined) throw error
      if (ends?.(part.rawValue)) wire.end()
      const left = refusal?.(part.rawValue)
      if (left) yield refused ? { text: left } : { text: left, note: 'the model refuses to answer' }
      refused ||= Boolean(left)
    } else if (part.type === 'finish') {
      const { unified, raw } = part.finishReason
      // Some servers say only that all has come, and the SDKs have words of their own for an end without a reason.
      const unsaid = raw === undefined && (unified === 'other' || unified === 'error')
      if (unsaid && !wire.whole()) throw cutShort()
      finished = true
      yield { usage: usageOf(part.usage), finish_reason: unsaid ? 'stop' : unified }
    }
  }
  if (!finished) throw cutShort()
}

const isUnfinished = (error: unknown) => /ended without a finish reason/.test(messageOf(error))

/** A stream that ended before the reply did. */
export const cutShort = () => Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' })

const promptOf = ({ messages }: NamedRequest): LanguageModelV3Prompt =>
  messages.map(({ role, content }) => {
    if (role === 'system') return { role, content }
    return { role: role === 'assistant' ? role : 'user', content: [{ type: 'text', text: content }] }
  })

/** Token counts; those that did not come are left out. */
function usageOf({ inputTokens, outputTokens }: LanguageModelV3Usage): Usage {
  const counts = { input: inputTokens.total, output: outputTokens.total, cached: inputTokens.cacheRead, reasoning: outputTokens.reasoning }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined && !Number.isNaN(count)))
}
