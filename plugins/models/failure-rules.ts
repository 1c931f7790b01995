import type { ProblemCode } from 'ainative-code'
import { anyOf, hasCode, hasStatus, type Matcher, mentions } from './matchers.ts'
import type { ReadError } from './provider-error.ts'

/** Describes one kind of failure: its errors, and the message and hint for the user. */
export interface FailureRule {
  /** The code of the Problem. */
  code: ProblemCode
  matches: Matcher
  message(provider: string, error: ReadError): string
  /** `addressKey` is the config key of the address of the provider's API. */
  hint?(provider: string, error: ReadError, addressKey: string): string
  /** The reason in the note about a retry; absent for a failure that is not retried. */
  retry?: string
}

/** Matches a redirect, and a page or JSON without an error in place of a stream. */
const isNoStream: Matcher = ({ status = 0, isFromApi, headers }) =>
  (status >= 300 && status < 400) || (status >= 200 && status < 300 && !isFromApi && !/stream/.test(headers['content-type'] ?? ''))

/** Matches a 404 for the path of the URL, not for the model. */
const isNoPath: Matcher = ({ status, isFromApi, code }) => status === 404 && !isFromApi && !code

const isTls: Matcher = ({ code = '' }) => /CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SELF_SIGNED|UNABLE_TO_/.test(code)

/** The statuses with which APIs refuse a request for any reason. */
const REFUSED = [400, 413, 422]

const PROXY_HINT = 'check HTTPS_PROXY and HTTP_PROXY; NO_PROXY lists the hosts to reach directly'

const NETWORK: FailureRule[] = [
  {
    code: 'dns',
    matches: hasCode('ENOTFOUND'),
    message: (provider, { message }) => `the address of ${provider} was not found: ${message}`,
    hint: (_, { proxy }, addressKey) => (proxy ? PROXY_HINT : `check the network connection, and ${addressKey}`),
  },
  {
    code: 'dns',
    matches: hasCode('EAI_AGAIN'),
    message: (provider, { message }) => `the name server did not answer for ${provider}: ${message}`,
    retry: 'the name server did not answer',
  },
  {
    code: 'refused',
    matches: hasCode('ECONNREFUSED'),
    message: (provider, { message }) => `no server listens at the address of ${provider}: ${message}`,
    hint: (_, { proxy }, addressKey) => (proxy ? PROXY_HINT : `check ${addressKey}`),
  },
  {
    code: 'tls',
    matches: isTls,
    message: (provider, { message }) => `no secure connection to ${provider}: ${message}`,
    hint: () => 'NODE_EXTRA_CA_CERTS may name the certificate of a company or a proxy',
  },
  {
    code: 'timeout',
    matches: hasCode('ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'),
    message: (provider, { message }) => `${provider} did not answer in time: ${message}`,
    hint: (provider) => `set llm.${provider}.timeout to a longer time`,
  },
  {
    code: 'cut',
    matches: anyOf(
      hasCode('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET', 'Z_BUF_ERROR'),
      mentions(/^proxy connection ended/),
    ),
    message: (provider) => `the connection to ${provider} was cut`,
    retry: 'the connection was cut',
  },
  {
    code: 'proxy',
    matches: hasCode('ERR_PROXY_LOGIN'),
    message: (provider) => `the proxy on the way to ${provider} refused the user name and password`,
    hint: () => 'check them in HTTPS_PROXY or HTTP_PROXY; escape special characters as in any URL, such as %40 for @',
  },
  {
    code: 'proxy',
    matches: hasStatus(407),
    message: (provider) => `the proxy on the way to ${provider} requires a user name and password`,
    hint: () => 'set HTTPS_PROXY to a URL such as http://name:password@host:port',
  },
  {
    code: 'no-api',
    matches: anyOf(
      isNoStream,
      isNoPath,
      // An SDK reports the status 500 if the first event is not JSON.
      mentions(
        /jsonparseerror|in json at position|unexpected token|unexpected end of json|cannot read propert|cannot use 'in' operator/,
        500,
      ),
      hasCode('HPE_INVALID_CONSTANT'),
    ),
    message: (provider, { message, headers }) =>
      `${provider} does not answer as its API does: ${headers.location ? `it redirects to ${headers.location}` : message}`,
    hint: (_provider, _error, addressKey) => `check ${addressKey}, and whether a proxy answers in its place`,
  },
]

const ANSWERS: FailureRule[] = [
  {
    code: 'quota',
    matches: anyOf(
      hasStatus(402),
      mentions(
        /insufficient_quota|exceeded your current quota|credit balance|billing_hard_limit|payment required|usage limit/,
        ...REFUSED,
        403,
        429,
      ),
    ),
    message: (provider, { message }) => `the account at ${provider} has no credit left: ${message}`,
    hint: (provider) => `see the billing page of your account at ${provider}`,
  },
  {
    code: 'rate-limit',
    matches: anyOf(hasStatus(429), mentions(/throttl|rate.?limit|too many requests/)),
    message: (provider, { message }) => `the rate limit of ${provider} is reached: ${message}`,
    hint: () => 'wait a minute, or choose another model with --model',
    retry: 'rate-limited',
  },
  {
    code: 'too-long',
    matches: mentions(
      /context.?(length|window)|maximum context|prompt is too long|too many (input )?tokens|input is too long|input token count|exceeds? the (maximum number of tokens|available context)/,
      ...REFUSED,
    ),
    message: (provider, { message }) => `the conversation is too long for the model of ${provider}: ${message}`,
    hint: () => '--context 20 sends only the last 20 messages; ainative-code session fork starts a shorter session',
  },
  {
    code: 'filtered',
    matches: mentions(/content.?filter|flagged as potentially|usage polic(y|ies)|blocked by .*safety|safety.*block/, ...REFUSED, 403),
    message: (provider, { message }) => `the content filter of ${provider} refused the request: ${message}`,
    hint: () => 'rephrase the message, or choose another model with --model',
  },
  {
    code: 'key-refused',
    matches: anyOf(hasStatus(401), mentions(/invalid.?api.?key|authentication_error/, 400, 403)),
    message: (provider, { message, status }) => `${provider} refused the key${status ? ` (${status})` : ''}: ${message}`,
    hint: () => 'ainative-code provider list shows where the key comes from',
  },
  {
    code: 'forbidden',
    matches: anyOf(hasStatus(403), mentions(/permission_denied/)),
    message: (provider, { message }) => `${provider} does not allow the request (403): ${message}`,
    hint: () => 'the key may lack access to this model',
  },
  {
    code: 'no-model',
    matches: anyOf(
      hasStatus(404),
      mentions(/model.{0,80}(not found|does not exist|identifier is invalid)|model_not_found|not a valid model/, ...REFUSED),
    ),
    message: (provider, { message }) => `${provider} has no such model: ${message}`,
    hint: (provider) => `ainative-code models ${provider} lists its models`,
  },
  {
    code: 'provider',
    matches: ({ code = '' }) => /invalid_request/.test(code),
    message: (provider, { message }) => `${provider} refused the request: ${message}`,
  },
  {
    code: 'overloaded',
    matches: anyOf(hasStatus(503, 529), mentions(/overloaded|unavailable/)),
    message: (provider, { message }) => `${provider} is overloaded: ${message}`,
    hint: () => 'try again later, or choose another model with --model',
    retry: 'overloaded',
  },
  {
    code: 'server',
    matches: anyOf(
      ({ status = 0 }) => status >= 500 || status === 408,
      mentions(/internalserver|server_error|api_error|unexpected e(of|rror)|"?internal\b/),
    ),
    message: (provider, { message, status }) => `${provider} failed${status ? ` (${status})` : ''}: ${message}`,
    hint: (provider) => `the error is on the side of ${provider}; try again later`,
    retry: 'server error',
  },
]

/** The failures of any provider; the first rule that matches applies. */
export const FAILURE_RULES: readonly FailureRule[] = [...NETWORK, ...ANSWERS]
