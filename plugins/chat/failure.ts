import { messageOf, Problem } from 'ainative-code'

/** What is known of something that a provider threw; SDKs and users' own plugins name it differently. */
interface Seen {
  status?: number
  code?: string
  headers: Record<string, string>
  /** What the provider says itself. */
  says: string
}

/** A provider's failure: what to tell, and whether another try may help. */
export interface Failure {
  problem: Problem
  /** What it is in a few words, where another try may help. */
  retry?: string
  /** How long the provider wants to be left alone, in milliseconds. */
  wait?: number
}

interface Kind {
  code: string
  /** Whether it is this one. */
  is(seen: Seen, text: string): boolean
  text(name: string, seen: Seen): string
  hint?(name: string): string
  /** What another try is told for. */
  retry?: string
}

const status =
  (...codes: number[]) =>
  ({ status }: Seen) =>
    status !== undefined && codes.includes(status)
const says = (pattern: RegExp) => (_: Seen, text: string) => pattern.test(text)
const code =
  (...codes: string[]) =>
  ({ code }: Seen) =>
    code !== undefined && codes.includes(code)
const tls = ({ code = '' }: Seen) => /CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SELF_SIGNED|UNABLE_TO_/.test(code)

/** The first that fits counts. */
const KINDS: Kind[] = [
  {
    code: 'dns',
    is: code('ENOTFOUND'),
    text: (name, { says }) => `the address of ${name} was not found: ${says}`,
    hint: (name) => `check the connection, and llm.${name}.base_url`,
  },
  {
    code: 'dns',
    is: code('EAI_AGAIN'),
    text: (name, { says }) => `the name server did not answer for ${name}: ${says}`,
    retry: 'the name server does not answer',
  },
  {
    code: 'refused',
    is: code('ECONNREFUSED'),
    text: (name, { says }) => `nothing answers at the address of ${name}: ${says}`,
    hint: (name) => (name === 'ollama' ? 'is it running? ollama serve starts it' : `check llm.${name}.base_url`),
  },
  {
    code: 'tls',
    is: tls,
    text: (name, { says }) => `no secure connection to ${name}: ${says}`,
    hint: () => 'NODE_EXTRA_CA_CERTS may name the certificate of a company or a proxy',
  },
  {
    code: 'timeout',
    is: code('ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'),
    text: (name, { says }) => `${name} did not answer in time: ${says}`,
    hint: (name) => `llm.${name}.timeout allows more`,
  },
  {
    code: 'cut',
    is: code('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET'),
    text: (name) => `the connection to ${name} was cut`,
    retry: 'the connection was cut',
  },
  {
    code: 'no-api',
    is: (seen, text) =>
      ((seen.status ?? 0) >= 300 && (seen.status ?? 0) < 400) ||
      (seen.status === 200 && /^text\/html/.test(seen.headers['content-type'] ?? '')) ||
      /jsonparseerror|in json at position|unexpected token|unexpected end of json|cannot read propert|cannot use 'in' operator/.test(text),
    text: (name, { says, headers }) =>
      `${name} does not answer as its API does: ${headers.location ? `it leads to ${headers.location}` : says}`,
    hint: (name) => `check llm.${name}.base_url; a proxy may stand between`,
  },
  {
    code: 'quota',
    is: says(
      /insufficient_quota|exceeded your current quota(?!.*retry in)|credit balance|billing_hard_limit|payment required|usage limit|service ?quota/,
    ),
    text: (name, { says }) => `the account at ${name} has no credit left: ${says}`,
    hint: () => 'see the billing page of your account there',
  },
  {
    code: 'too-long',
    is: says(
      /context.?(length|window)|maximum context|prompt is too long|too many (input )?tokens|input is too long|input token count|exceeds? the (maximum number of tokens|available context)/,
    ),
    text: (name, { says }) => `the conversation is too long for the model of ${name}: ${says}`,
    hint: () => '--context 20 sends the last 20 messages alone; ainative-code session fork starts a shorter one',
  },
  {
    code: 'filtered',
    is: says(
      /content.?filter|content management policy|responsibleai|prohibited_content|flagged as|usage polic(y|ies)|blocked by .*safety|safety.*block/,
    ),
    text: (name, { says }) => `the content filter of ${name} refused it: ${says}`,
    hint: () => 'say it in other words, or ask another model',
  },
  {
    code: 'key-refused',
    is: (seen, text) =>
      status(401)(seen) ||
      /invalid.?api.?key|api key not valid|authentication_error|unrecognizedclient|invalidsignature|expiredtoken|security token/.test(text),
    text: (name, { says, status }) => `${name} refused the key${status ? ` (${status})` : ''}: ${says}`,
    hint: () => 'ainative-code provider list shows where the key comes from',
  },
  {
    code: 'forbidden',
    is: (seen, text) => status(403)(seen) || /accessdenied|permission_denied/.test(text),
    text: (name, { says }) => `${name} does not allow it (403): ${says}`,
    hint: () => 'the key may have no right to this model',
  },
  {
    code: 'no-model',
    is: (seen, text) =>
      status(404)(seen) || /model.{0,80}(not found|does not exist|identifier is invalid)|model_not_found|deploymentnotfound/.test(text),
    text: (name, { says }) => `${name} has no such model: ${says}`,
    hint: (name) => `ainative-code models ${name} lists those that it has`,
  },
  {
    code: 'rate-limit',
    is: (seen, text) => status(429)(seen) || /throttl|rate.?limit|resource_exhausted|too many requests/.test(text),
    text: (name, { says }) => `${name} takes no more requests for now: ${says}`,
    hint: () => 'wait a little, or ask another model',
    retry: 'it takes no more requests for now',
  },
  {
    code: 'overloaded',
    is: (seen, text) => status(503, 529)(seen) || /overloaded|unavailable|modelnotready/.test(text),
    text: (name, { says }) => `${name} is overloaded: ${says}`,
    hint: () => 'try again later, or ask another model',
    retry: 'it is overloaded',
  },
  {
    code: 'server',
    is: (seen, text) =>
      (seen.status ?? 0) >= 500 ||
      status(408)(seen) ||
      /internalserver|server_error|api_error|modelstreamerror|unexpected e(of|rror)|"?internal\b/.test(text),
    text: (name, { says, status }) => `${name} failed${status ? ` (${status})` : ''}: ${says}`,
    hint: () => 'that is a failure on its side; try again later',
    retry: 'it failed',
  },
]

/** Tells what went wrong with a provider, in words and with what to do about it. */
export function failureOf(error: unknown, name: string): Failure {
  const own = ownProblem(error)
  if (own) return { problem: own }
  const seen = look(error)
  const text = [seen.code, seen.says].join(' ').toLowerCase()
  const kind = KINDS.find((each) => each.is(seen, text))
  const said = { ...seen, says: seen.says.replace(/\s+/g, ' ').trim().slice(0, 500) || 'it does not say why' }
  const message =
    kind?.text(name, said) ?? (seen.status ? `${name} refused the request (${seen.status}): ${said.says}` : `${name} failed: ${said.says}`)
  const wait = waitOf(seen.headers)
  const problem = new Problem(kind?.code ?? 'provider', message, {
    hint: wait
      ? `it asks to be left alone for ${Math.ceil(wait / 1000)} s`
      : (kind?.hint?.(name) ?? `ainative-code provider test ${name} makes the smallest call to it`),
    cause: error,
  })
  return { problem, retry: kind?.retry, wait }
}

/** A Problem of ours, or of a plugin that throws one; what a plugin only let through is looked at. */
function ownProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Problem)) return undefined
  if (error.code !== 'plugin' || error.cause === undefined) return error
  const { status, code, says } = look(error.cause)
  return status === undefined && code === undefined && says === messageOf(error.cause) && !isTelling(says) ? error : undefined
}

const isTelling = (text: string) => KINDS.some((kind) => kind.is({ headers: {}, says: text }, text.toLowerCase()))

const MAX_DEPTH = 5

/** Gathers from an error and its causes what they know; the outer ones go first. */
function look(error: unknown, depth = 0): Seen {
  if (typeof error !== 'object' || error === null) return { headers: {}, says: String(error ?? '') }
  const own = error as Record<string, unknown>
  const number = [own.status, own.statusCode, own.originalStatusCode].find((each) => typeof each === 'number') as number | undefined
  const inner = own.error ?? own.cause ?? (own.lastError as unknown)
  const deeper = inner !== undefined && depth < MAX_DEPTH ? look(inner, depth + 1) : undefined
  const body = [own.body, own.responseBody].find((each) => typeof each === 'string') as string | undefined
  const said = body === undefined ? undefined : inBody(body)
  const headers = { ...deeper?.headers, ...headersOf(own.headers ?? own.responseHeaders) }
  const codes = [headers['x-amzn-errortype'], said?.code, own.code, own.type, own.name === 'Error' ? undefined : own.name, deeper?.code]
  const numberIn = typeof own.code === 'number' ? own.code : undefined
  return {
    status: number ?? deeper?.status ?? said?.status ?? numberIn,
    code: codes.find((each) => typeof each === 'string' && each !== 'error' && !GENERIC.test(each)) as string | undefined,
    headers,
    says: said?.says || (own.cause === undefined ? undefined : deeper?.says) || textOf(own) || deeper?.says || '',
  }
}

/** Names that say nothing of what happened. */
const GENERIC = /^(plugin|Problem|AI_APICallError|AI_RetryError|TypeError|HttpFailure|Error|error|DOMException)$/

const textOf = ({ message }: Record<string, unknown>) => (typeof message === 'string' ? message : '')

function headersOf(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {}
  const entries = Symbol.iterator in headers ? [...(headers as Iterable<[string, string]>)] : Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

/** What a body says: JSON as any of the providers writes it, or the text of a page. */
function inBody(body: string): { says: string; code?: string; status?: number } {
  try {
    const { error = undefined, ...rest } = [JSON.parse(body)].flat()[0] ?? {}
    const told = typeof error === 'object' && error !== null ? error : { message: error, ...rest }
    const codes = [told.code, told.status, told.type, told.innererror?.code].filter((each) => typeof each === 'string')
    return {
      says: String(told.message ?? told.Message ?? (body.trim() === '{}' ? '' : body.slice(0, 300))),
      code: codes.join(' ') || undefined,
    }
  } catch {
    const title = /<title>([^<]*)</i.exec(body)?.[1]
    return { says: title ?? body.replace(/<[^>]*>/g, ' ').slice(0, 300) }
  }
}

/** Of retry-after-ms, or of retry-after in seconds or as a date. */
function waitOf(headers: Record<string, string>): number | undefined {
  const ms = Number(headers['retry-after-ms'] || Number.NaN)
  if (ms >= 0) return ms
  const after = headers['retry-after']
  if (!after) return undefined
  if (Number(after) >= 0) return Number(after) * 1000
  const at = Date.parse(after)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
