import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ChatChunk } from 'ainative-code'
import type { NamedRequest, Settings } from '../provider-spec.ts'
import { openaiChat } from '../wires/openai-chat.ts'
import { replyOf, type WebFetch } from './sdk.ts'

/** Asks a server that speaks OpenAI's chat completions. Options that the SDK does not know go into the request as they are. */
export function replyCompatible(name: string, request: NamedRequest, settings: Settings, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const { api_key: apiKey, base_url: baseURL, headers, options } = settings
  const model = (fetch: WebFetch) => createOpenAICompatible({ name, apiKey, baseURL, headers, includeUsage: true, fetch })(request.model)
  return replyOf(model, request, settings, signal, { options: { [name]: options } as never, wire: openaiChat })
}
