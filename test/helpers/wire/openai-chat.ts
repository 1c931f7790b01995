import { openaiFailure, openaiList } from './openai-failures.ts'
import { type Dialect, data, type ReplyContent } from './reply.ts'

const FINISH = { stop: 'stop', length: 'length', 'content-filter': 'content_filter' }

const counts = ({ usage, cost }: ReplyContent) => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
  prompt_tokens_details: {
    cached_tokens: usage.cached,
    ...(usage.cache_write && { cache_write_tokens: usage.cache_write }),
    audio_tokens: 0,
  },
  ...(cost !== undefined && { cost, is_byok: false }),
  completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0, accepted_prediction_tokens: 0 },
})

/** Returns the frames of a reply of the chat completions API. */
export function chatFrames(content: ReplyContent) {
  const wantsUsage = content.received.body?.stream_options?.include_usage
  const chunk = (choices: object[], fields: object = {}) => {
    const base = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_741_569_952,
      model: content.model,
      system_fingerprint: 'fp_1',
    }
    // If the request wantsUsage for usage, every chunk has the field, but only a chunk without choices has the counts.
    return data({ ...base, choices, ...(wantsUsage ? { usage: null } : {}), ...fields })
  }
  const choice = (delta: object, finish_reason: string | null = null) => chunk([{ index: 0, delta, logprobs: null, finish_reason }])
  const message = 'The server had an error while processing your request. Sorry about that!'
  return {
    start: choice({ role: 'assistant', content: '', refusal: null }),
    pieces: [
      ...content.reasoning.map((reasoning_content) => choice({ content: null, reasoning_content })),
      ...content.text.map((content) => choice({ content })),
    ],
    end: [choice({}, FINISH[content.finish]), wantsUsage ? chunk([], { usage: counts(content) }) : '', 'data: [DONE]\n\n'].join(''),
    error: data({ error: { message, type: 'server_error', param: null, code: null } }),
  }
}

/** OpenAI's chat completions API, and compatible APIs of other servers. */
export const openaiChat: Dialect = {
  type: 'text/event-stream; charset=utf-8',
  headers: { 'x-request-id': 'req_1' },
  replyPath: /^\/v1\/chat\/completions$/,
  frames: chatFrames,
  failure: (kind, model) => openaiFailure(kind, model, 'chat'),
  listPath: /^\/v1\/models$/,
  list: openaiList,
}

/** Meta's Llama API, where it is compatible with OpenAI's. */
export const meta: Dialect = { ...openaiChat, replyPath: /^\/compat\/v1\/chat\/completions$/, listPath: /^\/compat\/v1\/models$/ }
