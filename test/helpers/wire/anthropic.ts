import { around, type Dialect, event, type Kind, page, type ReplyContent } from './reply.ts'

const FINISH = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal' }

const opened = (index: number, content_block: object) => event({ type: 'content_block_start', index, content_block } as { type: string })
const delta = (index: number, delta: object) => event({ type: 'content_block_delta', index, delta } as { type: string })
const stopped = (index: number) => event({ type: 'content_block_stop', index } as { type: string })
const PING = event({ type: 'ping' })

function frames({ model, text, reasoning, usage, finish }: ReplyContent) {
  const at = reasoning.length ? 1 : 0
  const input = {
    input_tokens: usage.input - usage.cached - usage.cache_write - usage.cache_write_1h,
    cache_creation_input_tokens: usage.cache_write + usage.cache_write_1h,
    cache_creation: { ephemeral_5m_input_tokens: usage.cache_write, ephemeral_1h_input_tokens: usage.cache_write_1h },
    cache_read_input_tokens: usage.cached,
    output_tokens: 1,
    service_tier: 'standard',
  }
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: input,
  }
  const signature = delta(0, { type: 'signature_delta', signature: 'RXFRQ0F3PT0=' })
  const output = {
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    ...(usage.web_searches ? { server_tool_use: { web_search_requests: usage.web_searches } } : {}),
  }
  return {
    start: event({ type: 'message_start', message } as { type: string }) + PING,
    pieces: [
      ...around(
        reasoning,
        (thinking) => delta(0, { type: 'thinking_delta', thinking }),
        opened(0, { type: 'thinking', thinking: '', signature: '' }),
        signature + stopped(0),
      ),
      ...around(text, (piece) => delta(at, { type: 'text_delta', text: piece }), opened(at, { type: 'text', text: '' }) + PING),
    ],
    end: [
      text.length ? stopped(at) : '',
      event({ type: 'message_delta', delta: { stop_reason: FINISH[finish], stop_sequence: null }, usage: output } as { type: string }),
      event({ type: 'message_stop' }),
    ].join(''),
    error: event({ type: 'error', error: { details: null, type: 'overloaded_error', message: 'Overloaded' } } as { type: string }),
  }
}

const FAILURES: Record<Kind, [status: number, type: string, message: string]> = {
  unauthorized: [401, 'authentication_error', 'invalid x-api-key'],
  'no-model': [404, 'not_found_error', 'model: MODEL'],
  'rate-limit': [429, 'rate_limit_error', "This request would exceed your organization's rate limit of 50 requests per minute."],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  server: [500, 'api_error', 'Internal server error'],
  'too-long': [400, 'invalid_request_error', 'prompt is too long: 203284 tokens > 200000 maximum'],
  filtered: [400, 'invalid_request_error', 'Output blocked by content filtering policy'],
  quota: [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.'],
}

/** Anthropic's Messages API. */
export const anthropic: Dialect = {
  type: 'text/event-stream; charset=utf-8',
  headers: { 'request-id': 'req_1' },
  replyPath: /^\/v1\/messages$/,
  frames,
  failure(kind, model) {
    const [status, type, message] = FAILURES[kind]
    const error = { type, message: message.replace('MODEL', model) }
    return { status, body: { type: 'error', error, request_id: 'req_1' }, headers: { 'x-should-retry': String(status >= 429) } }
  },
  listPath: /^\/v1\/models$/,
  list(models, url) {
    const { shown, more } = page(models, url.searchParams.get('after_id'))
    const data = shown.map((id) => ({ type: 'model', id, display_name: id.toUpperCase(), created_at: '2025-02-19T00:00:00Z' }))
    return { data, has_more: more, first_id: shown.at(0) ?? null, last_id: shown.at(-1) ?? null }
  },
}
