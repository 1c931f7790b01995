import type { ProblemCode } from 'ainative-code'
import { any, code, type Seen, says, status } from './seen.ts'

/** A kind of failure. */
export interface Kind {
  code: ProblemCode
  /** Whether it is this one. */
  is(seen: Seen): boolean
  text(name: string, seen: Seen): string
  hint?(name: string, seen: Seen): string
  /** What another try is told for. */
  retry?: string
}

const tls = ({ code = '' }: Seen) => /CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SELF_SIGNED|UNABLE_TO_/.test(code)

/** A redirect; a page, or JSON that tells of no error, where an answer was due. */
const isOther = ({ status = 0, told, headers }: Seen) =>
  (status >= 300 && status < 400) || (status >= 200 && status < 300 && !told && !/stream/.test(headers['content-type'] ?? ''))

/** A path that leads nowhere, rather than a model that is not there. */
const isNowhere = ({ status, told, code }: Seen) => status === 404 && !told && !code

/** Whether it is the proxy that was not reached. */
const isByProxy = ({ says }: Seen) => /, by the proxy \S+$/.test(says)

const PROXY = 'check HTTPS_PROXY and HTTP_PROXY; NO_PROXY names who is asked directly'

const REFUSED = [400, 413, 422]

/** The key of the config that holds the address of a provider. */
const addressKey = (name: string) => `llm.${name}.${name === 'azure' ? 'endpoint' : 'base_url'}`

/** The first that fits counts. */
export const KINDS: Kind[] = [
  {
    code: 'dns',
    is: code('ENOTFOUND'),
    text: (name, { says }) => `the address of ${name} was not found: ${says}`,
    hint: (name, seen) => (isByProxy(seen) ? PROXY : `check the connection, and ${addressKey(name)}`),
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
    hint(name, seen) {
      if (isByProxy(seen)) return PROXY
      return name === 'ollama' ? 'is it running? ollama serve starts it' : `check ${addressKey(name)}`
    },
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
    is: any(code('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET', 'Z_BUF_ERROR'), says(/^proxy connection ended/)),
    text: (name) => `the connection to ${name} was cut`,
    retry: 'the connection was cut',
  },
  {
    code: 'proxy',
    is: code('ERR_PROXY_LOGIN'),
    text: (name) => `the proxy on the way to ${name} refused the name and the password`,
    hint: () => 'check them in HTTPS_PROXY or HTTP_PROXY; write special characters as in a URL, such as %40 for @',
  },
  {
    code: 'proxy',
    is: status(407),
    text: (name) => `the proxy on the way to ${name} wants a name and a password`,
    hint: () => 'HTTPS_PROXY may hold them: http://name:password@host:port',
  },
  {
    code: 'no-api',
    is: any(
      isOther,
      isNowhere,
      // A first piece that is no JSON is given the status 500 by an SDK.
      says(/jsonparseerror|in json at position|unexpected token|unexpected end of json|cannot read propert|cannot use 'in' operator/, 500),
      code('HPE_INVALID_CONSTANT'),
    ),
    text: (name, { says, headers }) =>
      `${name} does not answer as its API does: ${headers.location ? `it leads to ${headers.location}` : says}`,
    hint: (name) => `check ${addressKey(name)}; a proxy may stand between`,
  },
  {
    code: 'quota',
    is: any(
      status(402),
      says(
        /insufficient_quota|exceeded your current quota(?!.*retry in)|credit balance|billing_hard_limit|payment required|usage limit|service ?quota/s,
        ...REFUSED,
        403,
        429,
      ),
    ),
    text: (name, { says }) => `the account at ${name} has no credit left: ${says}`,
    hint: () => 'see the billing page of your account there',
  },
  {
    code: 'rate-limit',
    is: any(status(429), says(/throttl|rate.?limit|resource_exhausted|too many requests/)),
    text: (name, { says }) => `${name} takes no more requests for now: ${says}`,
    hint: () => 'wait a little, or ask another model',
    retry: 'it takes no more requests for now',
  },
  {
    code: 'too-long',
    is: says(
      /context.?(length|window)|maximum context|prompt is too long|too many (input )?tokens|input is too long|input token count|exceeds? the (maximum number of tokens|available context)/,
      ...REFUSED,
    ),
    text: (name, { says }) => `the conversation is too long for the model of ${name}: ${says}`,
    hint: () => '--context 20 sends the last 20 messages alone; ainative-code session fork starts a shorter one',
  },
  {
    code: 'filtered',
    is: says(
      /content.?filter|content management policy|responsibleai|prohibited_content|flagged as potentially|usage polic(y|ies)|blocked by .*safety|safety.*block/,
      ...REFUSED,
      403,
    ),
    text: (name, { says }) => `the content filter of ${name} refused it: ${says}`,
    hint: () => 'say it in other words, or ask another model',
  },
  {
    code: 'key-refused',
    is: any(
      status(401),
      says(
        /invalid.?api.?key|api key not valid|authentication_error|unrecognizedclient|invalidsignature|expiredtoken|security token/,
        400,
        403,
      ),
    ),
    text: (name, { says, status }) => `${name} refused the key${status ? ` (${status})` : ''}: ${says}`,
    hint: () => 'ainative-code provider list shows where the key comes from',
  },
  {
    code: 'forbidden',
    is: any(status(403), says(/accessdenied|permission_denied/)),
    text: (name, { says }) => `${name} does not allow it (403): ${says}`,
    hint: () => 'the key may have no right to this model',
  },
  {
    code: 'no-model',
    is: any(
      status(404),
      says(/model.{0,80}(not found|does not exist|identifier is invalid)|model_not_found|deploymentnotfound|not a valid model/, ...REFUSED),
    ),
    text: (name, { says }) => `${name} has no such model: ${says}`,
    hint: (name) => `ainative-code models ${name} lists those that it has`,
  },
  {
    code: 'provider',
    is: ({ code = '' }) => /invalid_request/.test(code),
    text: (name, { says }) => `${name} refused the request: ${says}`,
  },
  {
    code: 'overloaded',
    is: any(status(503, 529), says(/overloaded|unavailable|modelnotready/)),
    text: (name, { says }) => `${name} is overloaded: ${says}`,
    hint: () => 'try again later, or ask another model',
    retry: 'it is overloaded',
  },
  {
    code: 'server',
    is: any(
      ({ status = 0 }) => status >= 500 || status === 408,
      says(/internalserver|server_error|api_error|modelstreamerror|unexpected e(of|rror)|"?internal\b/),
    ),
    text: (name, { says, status }) => `${name} failed${status ? ` (${status})` : ''}: ${says}`,
    hint: () => 'that is a failure on its side; try again later',
    retry: 'it failed',
  },
]
