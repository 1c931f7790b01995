import { chatFrames } from './openai-chat.ts'
import { openaiFailure } from './openai-failures.ts'
import { openaiResponses } from './openai-responses.ts'
import { type Dialect, data, type Failure, type Kind, type ReplyContent } from './reply.ts'

const SAFE = { filtered: false, severity: 'safe' }
const HATE = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: { filtered: true, severity: 'medium' } }
const POLICY =
  "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry."

const error = (code: string, message: string) => ({ error: { code, message } })

const FAILURES: Partial<Record<Kind, [status: number, body: object]>> = {
  unauthorized: [
    401,
    error('401', 'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key.'),
  ],
  'no-model': [404, error('DeploymentNotFound', 'The API deployment for this resource does not exist.')],
  'rate-limit': [429, error('429', 'Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your pricing tier.')],
  overloaded: [503, error('ServiceUnavailable', 'The service is temporarily unable to process your request. Please try again later.')],
  filtered: [
    400,
    {
      error: {
        message: POLICY,
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: HATE },
      },
    },
  ],
}

function failure(kind: Kind, model: string): Failure {
  const [status, body] = FAILURES[kind] ?? []
  return status ? { status, body, headers: { 'apim-request-id': 'req_1' } } : openaiFailure(kind, model, 'chat')
}

function frames(content: ReplyContent) {
  if (content.received.path.includes('/responses')) return openaiResponses.frames(content)
  const { start, ...rest } = chatFrames(content)
  // The first chunk of Azure: the result of its content filter for the prompt, without choices.
  const prompt = [{ prompt_index: 0, content_filter_results: { hate: SAFE, violence: SAFE } }]
  return { start: data({ id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: prompt }) + start, ...rest }
}

const list = (models: string[]) => ({
  object: 'list',
  data: models.map((id) => ({ id, object: 'model', status: 'succeeded', created_at: 1_715_367_049, lifecycle_status: 'preview' })),
})

/** Azure OpenAI with the v1 address. */
export const azure: Dialect = {
  type: 'text/event-stream; charset=utf-8',
  headers: { 'apim-request-id': 'req_1', 'x-ms-region': 'Sweden Central' },
  replyPath: /^\/openai\/v1\/(?:responses|chat\/completions)$/,
  frames,
  failure,
  listPath: /^\/openai\/v1\/models$/,
  list,
}

/** Azure OpenAI with the deployment in the address. */
export const azureDeployment: Dialect = {
  ...azure,
  replyPath: /^\/openai\/deployments\/([^/]+)\/chat\/completions$/,
  listPath: /^\/openai\/(?:v1\/)?models$/,
}
