import { openaiFailure, openaiList } from './openai-failures.ts'
import { around, type Dialect, event, type Told } from './reply.ts'

const REASONS = { length: 'max_output_tokens', 'content-filter': 'content_filter' }

/** Events with the numbers that they have in the stream. */
function numbered() {
  let sequence_number = 0
  return (type: string, fields: object) => event({ type, sequence_number: sequence_number++, ...fields } as { type: string })
}

const counts = ({ usage }: Told) => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cached },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
})

function response(told: Told, status: string, fields: object = {}) {
  const { model, asked } = told
  const base = { id: 'resp_1', object: 'response', created_at: 1_741_476_542, status, background: false, error: null }
  return { response: { ...base, incomplete_details: null, model, output: [], store: asked.body?.store ?? true, usage: null, ...fields } }
}

type Make = ReturnType<typeof numbered>

function thought(make: Make, { reasoning }: Told) {
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

function spoken(make: Make, { text, reasoning }: Told) {
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

function ended(make: Make, told: Told) {
  if (told.finish === 'stop') return make('response.completed', response(told, 'completed', { usage: counts(told) }))
  const incomplete_details = { reason: REASONS[told.finish] }
  return make('response.incomplete', response(told, 'incomplete', { incomplete_details, usage: counts(told) }))
}

function frames(told: Told) {
  const make = numbered()
  const start = make('response.created', response(told, 'in_progress')) + make('response.in_progress', response(told, 'in_progress'))
  const thoughts = thought(make, told)
  const { pieces, last } = spoken(make, told)
  const error = { code: 'server_error', message: 'An error occurred while processing your request. Please try again.' }
  return {
    start,
    pieces: [...thoughts, ...pieces],
    end: last + ended(make, told),
    error:
      make('error', { error: { type: 'server_error', param: null, ...error } }) +
      make('response.failed', response(told, 'failed', { error })),
  }
}

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  type: 'text/event-stream; charset=utf-8',
  headers: { 'x-request-id': 'req_1', 'openai-version': '2020-10-01' },
  asks: /^\/v1\/responses$/,
  frames,
  failure: (kind, model) => openaiFailure(kind, model, 'responses'),
  lists: /^\/v1\/models$/,
  list: openaiList,
}
