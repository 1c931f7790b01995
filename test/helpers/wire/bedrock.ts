import { crc32 } from 'node:zlib'
import { type Dialect, type Kind, page, type ReplyContent } from './reply.ts'

const FINISH = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'content_filtered' }

/** Returns a header of an event stream: the length of the name, the name, 7 for the type text, the length of the text, the text. */
function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(Buffer.byteLength(value))
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)])
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** Returns a frame of an AWS event stream: two lengths and their checksum, the headers, the body, and a checksum of the whole frame. */
function frame(kind: 'event' | 'exception', name: string, body: object): Buffer {
  const headers = Buffer.concat([header(`:${kind}-type`, name), header(':content-type', 'application/json'), header(':message-type', kind)])
  const payload = Buffer.from(JSON.stringify(body))
  const lengths = Buffer.concat([uint32(headers.length + payload.length + 16), uint32(headers.length)])
  const before = Buffer.concat([lengths, uint32(crc32(lengths)), headers, payload])
  return Buffer.concat([before, uint32(crc32(before))])
}

/** Returns an event. AWS pads events, so that their lengths reveal nothing. */
export const event = (name: string, body: object) => frame('event', name, { ...body, p: 'abcdefghijk' })

function frames({ text, reasoning, usage, finish }: ReplyContent) {
  const at = reasoning.length ? 1 : 0
  const delta = (contentBlockIndex: number, delta: object) => event('contentBlockDelta', { contentBlockIndex, delta })
  const stop = (contentBlockIndex: number) => event('contentBlockStop', { contentBlockIndex })
  const thoughts = reasoning.map((text) => delta(0, { reasoningContent: { text } }))
  const last = thoughts.pop()
  if (last) thoughts.push(Buffer.concat([last, delta(0, { reasoningContent: { signature: 'RXFRQ0F3PT0=' } }), stop(0)]))
  const cacheWriteInputTokens = usage.cache_write + usage.cache_write_1h
  const inputTokens = usage.input - usage.cached - cacheWriteInputTokens
  const cacheDetails = [
    { ttl: '1h', inputTokens: usage.cache_write_1h },
    { ttl: '5m', inputTokens: usage.cache_write },
  ].filter((each) => each.inputTokens > 0)
  const totalTokens = usage.input + usage.output
  const counts = { inputTokens, outputTokens: usage.output, totalTokens, cacheWriteInputTokens, cacheDetails }
  return {
    start: event('messageStart', { role: 'assistant' }),
    pieces: [...thoughts, ...text.map((piece) => delta(at, { text: piece }))],
    end: Buffer.concat([
      text.length ? stop(at) : Buffer.alloc(0),
      event('messageStop', { stopReason: FINISH[finish] }),
      event('metadata', { metrics: { latencyMs: 421 }, usage: { ...counts, cacheReadInputTokens: usage.cached } }),
    ]),
    error: frame('exception', 'modelStreamErrorException', {
      message: 'The model has encountered an unexpected error during processing. Try your request again.',
      originalStatusCode: 500,
    }),
  }
}

const FAILURES: Record<Kind, [status: number, type: string, message: string]> = {
  unauthorized: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  'no-model': [400, 'ValidationException', 'The provided model identifier is invalid.'],
  'rate-limit': [429, 'ThrottlingException', 'Too many requests, please wait before trying again.'],
  overloaded: [503, 'ServiceUnavailableException', 'Bedrock is unable to process your request.'],
  server: [500, 'InternalServerException', 'The system encountered an unexpected error during processing. Try your request again.'],
  'too-long': [400, 'ValidationException', 'Input is too long for requested model.'],
  filtered: [400, 'ValidationException', 'The model returned the following errors: Output blocked by content filtering policy'],
  quota: [400, 'ServiceQuotaExceededException', 'Your request exceeds the service quota for your account.'],
}

const profile = (id: string) => ({
  inferenceProfileId: `us.${id}`,
  inferenceProfileName: `US ${id}`,
  inferenceProfileArn: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${id}`,
  models: [{ modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${id}` }],
  status: 'ACTIVE',
  type: 'SYSTEM_DEFINED',
})

const foundation = (modelId: string) => ({
  modelId,
  modelName: modelId.toUpperCase(),
  modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`,
  providerName: 'Anthropic',
  inputModalities: ['TEXT'],
  outputModalities: ['TEXT'],
  responseStreamingSupported: true,
  inferenceTypesSupported: ['ON_DEMAND'],
  modelLifecycle: { status: 'ACTIVE' },
})

/** Amazon Bedrock's ConverseStream, and its lists of models and inference profiles. */
export const bedrock: Dialect = {
  type: 'application/vnd.amazon.eventstream',
  headers: { 'x-amzn-requestid': 'req-1' },
  replyPath: /^\/model\/([^/]+)\/converse-stream$/,
  frames,
  failure(kind) {
    const [status, type, message] = FAILURES[kind]
    return { status, body: { message }, headers: { 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/` } }
  },
  listPath: /^\/(?:foundation-models|inference-profiles)$/,
  list(models, url) {
    if (url.pathname === '/foundation-models') return { modelSummaries: models.map(foundation) }
    const { shown, more } = page(models, url.searchParams.get('nextToken'))
    return { inferenceProfileSummaries: shown.map(profile), ...(more ? { nextToken: shown.at(-1) } : {}) }
  },
}
