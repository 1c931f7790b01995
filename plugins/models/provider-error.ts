import type { Json, ProviderError } from 'ainative-code'

/** A provider's error, with facts from the body of the answer. */
export interface ReadError extends ProviderError {
  /** True if the body is an error of the API, not an error page of another server. */
  isFromApi?: boolean
  /** The host of the proxy that failed, instead of the provider. */
  proxy?: string
}

const MAX_DEPTH = 5

/** Reads an error and its causes, under all field names that the SDKs and external plugins use. Outer errors take precedence over their causes. */
export function readError(error: unknown, depth = 0): ReadError {
  if (typeof error !== 'object' || error === null) return { headers: {}, message: String(error ?? '') }
  const own = error as Json
  const inner = own.error ?? own.cause ?? own.lastError
  const cause = inner !== undefined && depth < MAX_DEPTH ? readError(inner, depth + 1) : undefined
  const text = [own.body, own.responseBody].find(isString)
  const body = text === undefined ? undefined : readBody(text)
  return {
    status: statusOf(own, body, cause),
    code: codeOf(own, body, cause),
    headers: { ...cause?.headers, ...headersOf(own.headers ?? own.responseHeaders) },
    message: messageOf(own, body, cause),
    body: body?.body ?? cause?.body,
    isFromApi: body?.isFromApi ?? cause?.isFromApi,
    proxy: isString(own.proxy) ? own.proxy : cause?.proxy,
  }
}

const isString = (value: unknown): value is string => typeof value === 'string'

/** The HTTP status. An error in the body of a successful answer has its own status. */
function statusOf(own: Json, body?: Body, cause?: ReadError): number | undefined {
  const status = [own.status, own.statusCode, own.originalStatusCode].find((each) => typeof each === 'number')
  const isSuccess = status !== undefined && status >= 200 && status < 300
  const code = typeof own.code === 'number' ? own.code : undefined
  return (isSuccess ? body?.status : undefined) ?? status ?? cause?.status ?? body?.status ?? code
}

/** Matches codes and names that do not identify an error. */
const GENERIC = /^(plugin|Problem|AI_APICallError|AI_RetryError|TypeError|HttpFailure|Error|error|DOMException)$/

function codeOf(own: Json, body?: Body, cause?: ReadError): string | undefined {
  const codes = [body?.code, own.code, own.type, own.name, cause?.code]
  return codes.filter(isString).find((each) => !GENERIC.test(each))
}

function messageOf(own: Json, body?: Body, cause?: ReadError): string {
  const message = isString(own.message) ? own.message : ''
  return body?.message || (own.cause === undefined ? undefined : cause?.message) || message || cause?.message || ''
}

function headersOf(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {}
  const entries = Symbol.iterator in headers ? [...(headers as Iterable<[string, string]>)] : Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

type Body = Pick<ReadError, 'status' | 'code' | 'message' | 'body' | 'isFromApi'>

/** The maximum number of characters of an error page to show. */
const LONGEST = 300

/** Reads the body of an answer: JSON in the form of any API, or a page. */
function readBody(text: string): Body {
  try {
    const { error = undefined, ...rest } = [JSON.parse(text)].flat()[0] ?? {}
    const body: Json = typeof error === 'object' && error !== null ? error : { message: error, ...rest }
    const message = body.message ?? body.Message
    return {
      status: typeof body.code === 'number' && body.code >= 400 && body.code < 600 ? body.code : undefined,
      // A reply has a message too, but as an object.
      isFromApi: error !== undefined || isString(body.message) || isString(body.Message),
      message: textOf(message ?? (text.trim() === '{}' ? '' : text.slice(0, LONGEST))),
      code: [body.code, body.status, body.type].filter(isString).join(' ') || undefined,
      body,
    }
  } catch {
    const title = /<title>([^<]*)</i.exec(text)?.[1]
    return { message: title ?? text.replace(/<[^>]*>/g, ' ').slice(0, LONGEST) }
  }
}

const textOf = (message: unknown) => (isString(message) ? message : JSON.stringify(message))
