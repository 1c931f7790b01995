import type { Dialect, Kind, ReplyContent } from './reply.ts'

const line = (value: object) => `${JSON.stringify(value)}\n`

function frames({ model, text, reasoning, usage, finish }: ReplyContent) {
  const base = { model, created_at: '2025-06-09T12:00:00.123456789Z' }
  const chunk = (message: object) => line({ ...base, message: { role: 'assistant', content: '', ...message }, done: false })
  return {
    start: '',
    pieces: [...reasoning.map((thinking) => chunk({ thinking })), ...text.map((content) => chunk({ content }))],
    end: line({
      ...base,
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: finish === 'length' ? 'length' : 'stop',
      total_duration: 4_883_583_458,
      load_duration: 1_334_875,
      prompt_eval_count: usage.input,
      prompt_eval_duration: 342_546_000,
      eval_count: usage.output,
      eval_duration: 4_535_599_000,
    }),
    error: line({ error: 'an error was encountered while running the model: unexpected EOF' }),
  }
}

/** The failures of Ollama, which has no content filter. */
const FAILURES: Record<Exclude<Kind, 'filtered'>, [status: number, error: string]> = {
  unauthorized: [401, 'unauthorized'],
  'no-model': [404, "model 'MODEL' not found"],
  'rate-limit': [429, 'too many concurrent requests'],
  overloaded: [503, 'server busy, please try again.  maximum pending requests exceeded'],
  server: [500, 'llama runner process has terminated: exit status 2'],
  'too-long': [400, 'the input length exceeds the context length'],
  quota: [429, 'you have reached your weekly usage limit, upgrade for higher limits: https://ollama.com/upgrade'],
}

/** A local Ollama. */
export const ollama: Dialect = {
  type: 'application/x-ndjson',
  replyPath: /^\/api\/chat$/,
  frames,
  failure(kind, model) {
    if (kind === 'filtered') return undefined
    const [status, error] = FAILURES[kind]
    return { status, body: { error: error.replace('MODEL', model) }, headers: { 'content-type': 'application/json; charset=utf-8' } }
  },
  listPath: /^\/api\/tags$/,
  list: (models) => ({
    models: models.map((name) => ({
      name,
      model: name,
      modified_at: '2025-05-04T17:37:44.706015396-07:00',
      size: 3_338_801_804,
      digest: 'a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '3.2B',
        quantization_level: 'Q4_K_M',
      },
    })),
  }),
}
