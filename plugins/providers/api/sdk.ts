import type {
  LanguageModelV3,
  LanguageModelV3Prompt,
  LanguageModelV3Usage,
  SharedV3ProviderOptions,
  SharedV3Warning,
} from '@ai-sdk/provider'
import type { ChatChunk, Usage } from 'ainative-code'
import type { NamedRequest, Settings } from '../shipped.ts'

/** What differs between the SDKs. */
interface Ask {
  /** Options for them, as their documentation names them. */
  options?: SharedV3ProviderOptions
  /** Looks at each piece as the server sent it; gives an error that the SDK would swallow. */
  failure?(raw: unknown): unknown
}

/** Asks a model of the AI SDK, and gives what comes in our form. */
export async function* replyOf(
  model: LanguageModelV3,
  request: NamedRequest,
  settings: Settings,
  signal: AbortSignal,
  { options = {}, failure }: Ask = {},
): AsyncIterable<ChatChunk> {
  const { stream } = await model.doStream({
    prompt: promptOf(request),
    temperature: request.temperature ?? settings.temperature,
    maxOutputTokens: request.max_tokens ?? settings.max_tokens,
    topP: settings.top_p,
    abortSignal: signal,
    providerOptions: options,
    includeRawChunks: failure !== undefined,
  })
  let finished = false
  for await (const part of stream) {
    if (part.type === 'stream-start') for (const warning of part.warnings) yield { note: noteOf(warning) }
    if (part.type === 'text-delta') yield { text: part.delta }
    else if (part.type === 'reasoning-delta') yield { reasoning: part.delta }
    else if (part.type === 'response-metadata' && part.modelId) yield { model: part.modelId }
    else if (part.type === 'error') throw part.error
    else if (part.type === 'raw') throwIf(failure?.(part.rawValue))
    else if (part.type === 'finish') {
      finished = true
      // The SDKs' word for a stream that ends without saying why.
      if (part.finishReason.unified === 'other' && part.finishReason.raw === undefined) throw cutShort()
      yield { usage: usageOf(part.usage), finish_reason: part.finishReason.unified }
    }
  }
  if (!finished) throw cutShort()
}

const noteOf = (warning: SharedV3Warning) =>
  warning.type === 'other' ? warning.message : `${warning.feature} does not count as given${warning.details ? `: ${warning.details}` : ''}`

function throwIf(error: unknown): void {
  if (error !== undefined) throw error
}

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
