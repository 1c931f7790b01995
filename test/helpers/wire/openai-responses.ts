import { openaiFailure, openaiList } from './openai-failures.ts'
import { around, type Dialect, event, type ReplyContent } from './reply.ts'

const REASONS = { length: 'max_output_tokens', 'content-filter': 'content_filter' }

/** Creates events with their sequence numbers in the stream. */
function numbered() {
  let sequence_number = 0
  return (type: string, fields: object) => event({ type, sequence_number: sequence_number++, ...fields } as { type: string })
}

const counts = ({ usage }: ReplyContent) => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cached },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
})

function response(content: ReplyContent, status: string, fields: object = {}) {
  const { model, received } = content
  const base = { id: 'resp_1', object: 'response', created_at: 1_741_476_542, status, background: false, error: null }
  return { response: { ...base, incomplete_details: null, model, output: [], store: received.body?.store ?? true, usage: null, ...fields } }
}

type Make = ReturnType<typeof numbered>

function thought(make: Make, { reasoning }: ReplyContent) {
  const place = { item_id: 'rs_1', output_index: 0, summary_index: 0 }
  const part = { type: 'summary_text', text: reasoning.join('') }
  const item = { id: 'rs_1', type: 'reasoning', summary: [] }
  const first =
    make('response.output_item.added', { output_index: 0, item }) +
    make('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } })
  const each = (delta: string) => make('response.reasoning_summary_text.delta', { ...place, delta, obfuscation: 'kq3' })
  const all = around(reasoning, each, first)
  const last =
    make('response.reasoning_summary_text.done', { ...place, text: part.text }) +
    make('response.reasoning_summary_part.done', { ...place, part }) +
    make('response.output_item.done', { output_index: 0, item: { ...item, summary: [part] } })
  return all.map((piece, at) => (at === all.length - 1 ? piece + last : piece))
}

function spoken(make: Make, { text, reasoning }: ReplyContent) {
  const output_index = reasoning.length ? 1 : 0
  const place = { item_id: 'msg_1', output_index, content_index: 0 }
  const item = { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] }
  const part = { type: 'output_text', annotations: [], logprobs: [], text: '' }
  const first = make('response.output_item.added', { output_index, item }) + make('response.content_part.added', { ...place, part })
  const each = (delta: string) => make('response.output_text.delta', { ...place, delta, logprobs: [], obfuscation: 'x8Jd' })
  const pieces = around(text, each, first)
  const whole = { ...part, text: text.join('') }
  const last =
    make('response.output_text.done', { ...place, text: whole.text, logprobs: [] }) +
    make('response.content_part.done', { ...place, part: whole }) +
    make('response.output_item.done', { output_index, item: { ...item, status: 'completed', content: [whole] } })
  return { pieces, last: text.length ? last : '' }
}

function ended(make: Make, content: ReplyContent) {
  if (content.finish === 'stop') return make('response.completed', response(content, 'completed', { usage: counts(content) }))
  const incomplete_details = { reason: REASONS[content.finish] }
  return make('response.incomplete', response(content, 'incomplete', { incomplete_details, usage: counts(content) }))
}

function frames(content: ReplyContent) {
  const make = numbered()
  const start = make('response.created', response(content, 'in_progress')) + make('response.in_progress', response(content, 'in_progress'))
  const thoughts = thought(make, content)
  const { pieces, last } = spoken(make, content)
  const error = { code: 'server_error', message: 'An error occurred while processing your request. Please try again.' }
  return {
    start,
    pieces: [...thoughts, ...pieces],
    end: last + ended(make, content),
    error:
      make('error', { error: { type: 'server_error', param: null, ...error } }) +
      make('response.failed', response(content, 'failed', { error })),
  }
}

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  type: 'text/event-stream; charset=utf-8',
  headers: { 'x-request-id': 'req_1', 'openai-version': '2020-10-01' },
  replyPath: /^\/v1\/responses$/,
  frames,
  failure: (kind, model) => openaiFailure(kind, model, 'responses'),
  listPath: /^\/v1\/models$/,
  list: openaiList,
}
