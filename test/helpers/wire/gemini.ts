import { type Dialect, type Kind, page, type ReplyContent } from './reply.ts'

const FINISH = { stop: 'STOP', length: 'MAX_TOKENS', 'content-filter': 'SAFETY' }

/** Google ends its events with CRLF. */
const event = (value: object) => `data: ${JSON.stringify(value)}\r\n\r\n`

const counts = ({ usage }: ReplyContent) => ({
  promptTokenCount: usage.input,
  // Google counts the tokens of thoughts separately from the tokens of the answer.
  candidatesTokenCount: usage.output - usage.reasoning,
  totalTokenCount: usage.input + usage.output,
  ...(usage.cached ? { cachedContentTokenCount: usage.cached } : {}),
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
  ...(usage.reasoning ? { thoughtsTokenCount: usage.reasoning } : {}),
})

function frames(content: ReplyContent) {
  const rest = { usageMetadata: counts(content), modelVersion: content.model, responseId: 'resp1' }
  const chunk = (part: object, fields: object = {}) =>
    event({ candidates: [{ content: { parts: [part], role: 'model' }, ...fields, index: 0 }], ...rest })
  return {
    start: '',
    pieces: [...content.reasoning.map((text) => chunk({ text, thought: true })), ...content.text.map((text) => chunk({ text }))],
    end: chunk(
      { text: '', ...(content.reasoning.length ? { thoughtSignature: 'Q2c9PQ==' } : {}) },
      { finishReason: FINISH[content.finish] },
    ),
    error: event({ error: { code: 503, message: OVERLOADED, status: 'UNAVAILABLE' } }),
  }
}

const OVERLOADED = 'The model is overloaded. Please try again later.'
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.'
const INTERNAL = 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting'
const NO_MODEL = 'models/MODEL is not found for API version v1beta, or is not supported for generateContent. Call ModelService.ListModels.'
const SERVICE = { domain: 'googleapis.com', metadata: { service: 'generativelanguage.googleapis.com' } }

const DAY = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '25' }],
}
const BAD_KEY = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', ...SERVICE }

/** The HTTP failures of Gemini. A refused prompt is not one of them; see below. */
const FAILURES: Record<Exclude<Kind, 'filtered'>, [status: number, name: string, message: string, details?: object[]]> = {
  unauthorized: [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [BAD_KEY]],
  'no-model': [404, 'NOT_FOUND', NO_MODEL],
  'rate-limit': [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  overloaded: [503, 'UNAVAILABLE', OVERLOADED],
  server: [500, 'INTERNAL', INTERNAL],
  'too-long': [400, 'INVALID_ARGUMENT', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
  quota: [429, 'RESOURCE_EXHAUSTED', QUOTA, [DAY]],
}

/** Google's Gemini API. */
export const gemini: Dialect = {
  type: 'text/event-stream',
  replyPath: /^\/v1beta\/models\/([^/]+):streamGenerateContent$/,
  frames,
  failure(kind, model) {
    if (kind === 'filtered') {
      const blocked = {
        promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
        usageMetadata: { promptTokenCount: 11, totalTokenCount: 11 },
      }
      return { status: 200, body: event({ ...blocked, modelVersion: model }), headers: { 'content-type': 'text/event-stream' } }
    }
    const [status, name, message, details] = FAILURES[kind]
    return { status, body: { error: { code: status, message: message.replace('MODEL', model), status: name, details } } }
  },
  listPath: /^\/v1beta\/models$/,
  list(models, url) {
    const { shown, more } = page(models, url.searchParams.get('pageToken'))
    const one = (id: string) => ({
      name: `models/${id}`,
      version: '001',
      displayName: id.toUpperCase(),
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
    })
    return { models: shown.map(one), ...(more ? { nextPageToken: shown.at(-1) } : {}) }
  },
}
