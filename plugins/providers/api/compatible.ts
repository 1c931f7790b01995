import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ChatChunk } from 'ainative-code'
import type { NamedRequest, Settings } from '../provider-spec.ts'
import { openaiChat } from '../readers/openai-chat.ts'
import { replyOf, type WebFetch } from './sdk.ts'

/** Asks a server with OpenAI's chat completions. Options that the SDK does not know are sent unchanged. */
export function replyCompatible(name: string, request: NamedRequest, settings: Settings, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const { api_key: apiKey, base_url: baseURL, headers, options } = settings
  const model = (fetch: WebFetch) => createOpenAICompatible({ name, apiKey, baseURL, headers, includeUsage: true, fetch })(request.model)
  return replyOf(model, request, settings, signal, { options: { [name]: options } as never, makeReader: openaiChat })
}
