import type { Failure, Kind } from './reply.ts'

type Row = [status: number, type: string | null, code: string | null, message: string, param?: string]

const KEY =
  'Incorrect API key provided: sk-wrong********************1234. You can find your API key at https://platform.openai.com/account/api-keys.'
const LIMIT = 'Rate limit reached for MODEL in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested 1.'
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.'
const FLAGGED = 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.'

const FAILURES: Record<Kind, Row> = {
  unauthorized: [401, 'invalid_request_error', 'invalid_api_key', KEY],
  'no-model': [404, 'invalid_request_error', 'model_not_found', 'The model `MODEL` does not exist or you do not have access to it.'],
  'rate-limit': [429, 'requests', 'rate_limit_exceeded', LIMIT],
  overloaded: [503, 'service_unavailable_error', 'server_is_overloaded', 'Our servers are currently overloaded. Please try again later.'],
  server: [500, 'server_error', null, 'The server had an error while processing your request. Sorry about that!'],
  'too-long': [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 200001 tokens.",
    'messages',
  ],
  filtered: [400, 'invalid_request_error', 'invalid_prompt', FLAGGED],
  quota: [429, 'insufficient_quota', 'insufficient_quota', QUOTA],
}

/** The failures that differ in the Responses API. */
const RESPONSES: Partial<Record<Kind, Row>> = {
  'no-model': [400, 'invalid_request_error', 'model_not_found', "The requested model 'MODEL' does not exist.", 'model'],
  'too-long': [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'input',
  ],
}

/** Returns a failure in the form of OpenAI's APIs. */
export function openaiFailure(kind: Kind, model: string, api: 'chat' | 'responses'): Failure {
  const [status, type, code, message, param = null] = (api === 'responses' && RESPONSES[kind]) || FAILURES[kind]
  const headers = { 'x-request-id': 'req_1', ...(status === 429 ? { 'x-ratelimit-remaining-requests': '0' } : {}) }
  return { status, headers, body: { error: { message: message.replace('MODEL', model), type, param, code } } }
}

/** Returns a list of models in the form of OpenAI's API, in one page. */
export const openaiList = (models: string[]) => ({
  object: 'list',
  data: models.map((id) => ({ id, object: 'model', created: 1_715_367_049, owned_by: 'system' })),
})
