import { codeOf, messageOf, oneLine, Problem, type ProblemCode } from 'ainative-code'
import { type Endpoint, isConfigured, placeOf } from './endpoint.ts'

interface Rule {
  /** SQLSTATEs, codes of Node or of TLS. */
  codes: readonly string[]
  /** Matches the message of an error without a code. */
  text?: RegExp
  code: ProblemCode
  message(endpoint: Endpoint, error: unknown): string
  hint?(endpoint: Endpoint): string
}

const NETWORK: readonly Rule[] = [
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'],
    code: 'server-dns',
    message: ({ host }) => `the host ${host} was not found`,
    hint: ({ source }) => `check the host in ${source}, and the network`,
  },
  {
    codes: ['ECONNREFUSED', 'ENOENT'],
    code: 'server-refused',
    message: (endpoint) => `no server listens at ${placeOf(endpoint)}`,
    hint: ({ source }) => `start the server (ainative-code zerodb start runs one on this machine), or check host and port in ${source}`,
  },
  {
    codes: [],
    // The second message is pg's for any answer to the request for TLS except yes and no.
    text: /^no PostgreSQL server|establishing an SSL connection|^received invalid response/,
    code: 'server-refused',
    message: (endpoint) => `no PostgreSQL server answers at ${placeOf(endpoint)}`,
    hint: ({ source }) => `another service listens there: check host and port in ${source}`,
  },
  {
    codes: ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
    text: /timeout/i,
    code: 'server-timeout',
    message: (endpoint) => `the server ${placeOf(endpoint)} does not answer`,
    hint: ({ source }) => `check the network, a firewall, and host and port in ${source}`,
  },
  {
    codes: ['ECONNRESET', 'EPIPE', '57P01', '57P02', '08006', '08003'],
    text: /Connection terminated|not queryable|Client was closed/,
    code: 'server-cut',
    message: (endpoint) => `the connection to ${placeOf(endpoint)} was lost`,
    hint: () => 'run the command again; ainative-code zerodb ping tests the connection',
  },
]

const TOKEN_ANSWERS: readonly Rule[] = [
  {
    codes: ['28P01', '28000'],
    code: 'server-password',
    message: (endpoint, error) => `${placeOf(endpoint)} refused the access token for the user ${endpoint.user} (${messageOf(error)})`,
    hint: ({ source }) => `ainative-code auth login gets a new token; ${source} has to name the user of this login`,
  },
]

const ANSWERS: readonly Rule[] = [
  {
    codes: ['28P01'],
    text: /password must be a (non-empty )?string|client password/,
    code: 'server-password',
    message: ({ user, password, ...endpoint }) =>
      password === undefined
        ? `${placeOf(endpoint)} asks for the password of ${user}, and none is set`
        : `${placeOf(endpoint)} refused the user ${user} or the password`,
    hint: passwordHint,
  },
  {
    codes: [],
    text: /^SASL: |^Unknown authenticationOk/,
    code: 'server-password',
    message: (endpoint, error) => `no login with a password is possible at ${placeOf(endpoint)} (${messageOf(error)})`,
    hint: () => `the server's pg_hba.conf decides; ZeroDB uses scram-sha-256`,
  },
  {
    codes: ['28000'],
    code: 'server-password',
    message: (endpoint, error) => `${placeOf(endpoint)} refused the login of ${endpoint.user} (${messageOf(error)})`,
    hint: ({ source }) => `check user and sslmode in ${source}; the server's pg_hba.conf decides`,
  },
  {
    codes: ['3D000'],
    code: 'server-database',
    message: ({ database }) => `the server has no database ${database}`,
    hint: ({ source }) => `check the end of the URL in ${source}`,
  },
  {
    codes: ['57P03', '53300'],
    code: 'server-busy',
    message: (endpoint, error) => `${placeOf(endpoint)} accepts no connections at the moment (${messageOf(error)})`,
    hint: () => 'run the command again later',
  },
  {
    codes: ['55P03'],
    code: 'server-busy',
    message: () => 'another connection holds a lock on the server that this command needs',
    hint: () => 'run the command again later; the view pg_locks of the server names the process',
  },
  {
    codes: ['53100'],
    code: 'server-failed',
    message: (endpoint) => `the disk of the server ${placeOf(endpoint)} is full`,
    hint: () => 'free some space on the server, and run the command again',
  },
  {
    codes: ['3F000', '42P01', '42883'],
    code: 'server-setup',
    message: ({ database }) => `the database ${database} is not set up for ZeroDB, or has the schema of an older version`,
    hint: () => 'ainative-code zerodb init --admin URL sets it up',
  },
  {
    codes: ['42501'],
    code: 'server-rights',
    message: ({ user }, error) => `the user ${user} lacks a permission (${messageOf(error)})`,
    hint: () => 'ainative-code zerodb user add NAME --admin URL adds a user; admin commands need an admin of the server',
  },
]

/** The variable of the password belongs to the user, so it does not apply to the URL of an admin. */
function passwordHint({ source }: Endpoint): string {
  if (isConfigured({ source })) return `check user and password in ${source}, or set AINATIVE_ZERODB_PASSWORD`
  if (source === '--admin') return 'omit --admin, and set AINATIVE_ZERODB_ADMIN to the URL with the user and the password'
  return `write the user and the password into the URL in ${source}`
}

/** Converts an error of the network, of TLS or of the server to a Problem; returns any other error unchanged. */
export function serverProblem(error: unknown, endpoint: Endpoint): unknown {
  if (error instanceof Problem) return error
  const first = withoutToken(error instanceof AggregateError ? error.errors[0] : error, endpoint)
  const rule = [...NETWORK, ...(endpoint.isToken ? TOKEN_ANSWERS : []), ...ANSWERS].find((each) => matches(each, first))
  if (rule) return new Problem(rule.code, oneLine(rule.message(endpoint, first)), { hint: rule.hint?.(endpoint), cause: first })
  const tls = tlsReason(first)
  if (tls)
    return new Problem('server-tls', `no secure connection to ${placeOf(endpoint)}: ${oneLine(tls)}`, {
      hint: 'check the host name; sslrootcert=FILE in the URL names the certificate of a private authority',
      cause: first,
    })
  if (!isAnswer(first)) return error
  return new Problem('server-failed', `the server reports: ${oneLine(messageOf(first))} (${codeOf(first)})`, { cause: first })
}

/** Removes the access token from an error, because a server may repeat it. */
function withoutToken(error: unknown, { isToken, password }: Endpoint): unknown {
  if (!isToken || !password || !isAnswer(error)) return error
  return Object.assign(new Error(messageOf(error).replaceAll(password, '***')), { code: codeOf(error) })
}

function matches({ codes, text }: Rule, error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined ? codes.includes(code) : (text?.test(messageOf(error)) ?? false)
}

/** True for an error with a SQLSTATE. */
const isAnswer = (error: unknown) => /^[0-9A-Z]{5}$/.test(codeOf(error) ?? '')

function tlsReason(error: unknown): string | undefined {
  const message = messageOf(error)
  if (/does not support SSL/.test(message)) return 'the server offers no TLS'
  const code = codeOf(error) ?? ''
  const known = /CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|UNABLE_TO_VERIFY|EPROTO|INVALID_CA|HOSTNAME_MISMATCH/.test(code)
  return known ? `${message} (${code})` : undefined
}
