import os from 'node:os'
import { Problem } from 'ainative-code'

/** The levels of TLS, the weakest first. */
export const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const
/** A level of TLS. */
export type TlsMode = (typeof TLS_MODES)[number]

/** The address of a server, with the role to log in as. */
export interface Endpoint {
  /** A host name, an IP address, or the folder of a Unix socket. */
  host: string
  port: number
  user: string
  password?: string
  /** True if the password is an access token. */
  isToken?: boolean
  database: string
  /** Absent if the URL names none. */
  tls?: TlsMode
  /** The file of the certificates to trust. */
  rootCertificate?: string
  /** Seconds. */
  timeout: number
  /** The source of the URL, for messages: a variable or a config key. */
  source: string
}

const CONFIG_KEY = 'services.zerodb.endpoint'
const VARIABLE = 'AINATIVE_ZERODB_ENDPOINT'
const ADMIN_VARIABLE = 'AINATIVE_ZERODB_ADMIN'
const PASSWORD_VARIABLE = 'AINATIVE_ZERODB_PASSWORD'

/**
 * Returns the endpoint of the user: AINATIVE_ZERODB_ENDPOINT, or else `configured`. With `admin`, returns the endpoint of the admin:
 * `admin` if it is a URL, or else AINATIVE_ZERODB_ADMIN, or else the endpoint of the user. Throws a Problem if none is set.
 */
export function endpointOf(env: NodeJS.ProcessEnv, configured: string | undefined, admin: string | boolean = false): Endpoint {
  if (typeof admin === 'string') return parseEndpoint(admin, '--admin')
  if (admin && env[ADMIN_VARIABLE]) return parseEndpoint(env[ADMIN_VARIABLE], ADMIN_VARIABLE)
  const [url, source] = env[VARIABLE] ? [env[VARIABLE], VARIABLE] : [configured, CONFIG_KEY]
  if (url === undefined)
    throw new Problem('no-endpoint', 'no ZeroDB server is configured', {
      hint: `ainative-code zerodb start runs one on this machine; or set ${CONFIG_KEY} to a URL such as postgresql://alice@db.example.com/sync`,
    })
  const endpoint = parseEndpoint(url, source)
  return endpoint.password === undefined && env[PASSWORD_VARIABLE] ? { ...endpoint, password: env[PASSWORD_VARIABLE] } : endpoint
}

/** Parameters of other clients, which this program ignores. */
const IGNORED = ['channel_binding', 'gssencmode', 'target_session_attrs', 'application_name', 'keepalives', 'connection_limit', 'pgbouncer']
const KNOWN = ['sslmode', 'sslrootcert', 'connect_timeout', 'host', 'port', 'user', 'password', 'dbname']
const TIMEOUT = 15

/**
 * Parses a PostgreSQL URL. The default user is the account of this machine, as in psql; the default database is postgres. No message
 * contains the URL, because the URL may contain a password.
 */
export function parseEndpoint(text: string, source: string): Endpoint {
  const url = urlOf(text, source)
  const { searchParams: params } = url
  const unknown = [...params].filter(([name]) => ![...IGNORED, ...KNOWN].includes(name))
  // A /, ? or # in a password ends the host for the parser, and the rest of the password would be the database or a parameter.
  if ([url.pathname, url.hash, ...unknown.flat()].some((part) => part.includes('@'))) throw invalid(source)
  for (const [name] of unknown) throw mistake(source, `unknown parameter ${name}`, `known parameters: ${KNOWN.join(', ')}`)
  const password = decoded(url.password, source) || params.get('password') || undefined
  return {
    host: params.get('host') || decoded(url.hostname, source).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: numberIn(params.get('port') || url.port || '5432', 'port', 65_535, source),
    user: decoded(url.username, source) || params.get('user') || systemUser() || missingUser(source),
    ...(password !== undefined && { password }),
    database: params.get('dbname') || decoded(url.pathname.slice(1), source) || 'postgres',
    ...tlsOf(params.get('sslmode'), source),
    ...(params.get('sslrootcert') && { rootCertificate: params.get('sslrootcert') as string }),
    timeout: numberIn(params.get('connect_timeout') || String(TIMEOUT), 'connect_timeout', 3600, source),
    source,
  }
}

/** Returns the name of this account; undefined for an account without a name, as in some containers. */
export function systemUser(): string | undefined {
  try {
    return os.userInfo().username
  } catch {
    return undefined
  }
}

function missingUser(source: string): never {
  throw mistake(source, 'the URL names no user', 'write postgresql://USER@HOST/DATABASE')
}

function urlOf(text: string, source: string): URL {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(text.trim()) ?? []
  if (rest === undefined) throw mistake(source, 'expected a URL that begins with postgresql://')
  try {
    // A URL of an unknown scheme may have no host after its user, as in postgresql://alice@/sync?host=/run/postgresql.
    return new URL(`postgresql://${rest.replace(/^([^/?#]*@)?(?=[/?]|$)/, '$1localhost')}`)
  } catch {
    throw invalid(source)
  }
}

function decoded(text: string, source: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw mistake(source, 'the URL contains a % without two hexadecimal digits after it', 'write %25 for %')
  }
}

function numberIn(text: string, name: string, max: number, source: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value
  throw mistake(source, `${name} ${text} is invalid; expected 1 to ${max}`)
}

function tlsOf(mode: string | null, source: string): { tls?: TlsMode } {
  if (mode === null) return {}
  // `allow` and `prefer` accept a connection without TLS, if the server or an attacker on the network offers none.
  const level = mode === 'allow' || mode === 'prefer' ? 'disable' : mode
  const tls = TLS_MODES.find((each) => each === level)
  if (tls) return { tls }
  throw mistake(source, `sslmode ${mode} is unknown`, `expected ${TLS_MODES.join(', ')}`)
}

const mistake = (source: string, text: string, hint?: string) =>
  new Problem('config', `${source}: ${text}`, { hint: hint ?? 'write postgresql://USER:PASSWORD@HOST:PORT/DATABASE' })

const invalid = (source: string) =>
  mistake(
    source,
    'the URL is invalid',
    'check host and port; in a password, write %40 for @, %2F for /, %3A for :, %3F for ?, %23 for # and %25 for %',
  )

/** True for the endpoint that the user configured, false for the endpoint of an admin and for any other URL. */
export const isConfigured = ({ source }: Pick<Endpoint, 'source'>) => source === CONFIG_KEY || source === VARIABLE

/** True if the connection does not leave this machine. */
export const isLocal = ({ host }: Pick<Endpoint, 'host'>) =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Returns the level of TLS that the connection must have. */
export const tlsModeOf = (endpoint: Pick<Endpoint, 'host' | 'tls'>): TlsMode =>
  endpoint.tls ?? (isLocal(endpoint) ? 'disable' : 'verify-full')

/** Returns the address of the server without user and password, for messages. */
export const placeOf = ({ host, port }: Pick<Endpoint, 'host' | 'port'>) => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Returns a name that identifies the account of a user on a server, such as alice@db.example.com:5432/sync. */
export const accountOf = ({ user, endpoint }: { user: string; endpoint: Pick<Endpoint, 'host' | 'port' | 'database'> }) =>
  `${user}@${placeOf(endpoint)}/${endpoint.database}`

/** Returns the URL of an endpoint. Only `zerodb user add` and `zerodb start` print a URL with its password. */
export function urlText({ host, port, user, password, database, tls, rootCertificate }: Endpoint): string {
  const socket = host.startsWith('/')
  const url = new URL(`postgresql://${socket ? 'localhost' : placeOf({ host, port })}/${encodeURIComponent(database)}`)
  url.username = encodeURIComponent(user)
  if (password !== undefined) url.password = encodeURIComponent(password)
  if (socket) {
    url.searchParams.set('host', host)
    url.searchParams.set('port', String(port))
  }
  if (tls) url.searchParams.set('sslmode', tls)
  if (rootCertificate) url.searchParams.set('sslrootcert', rootCertificate)
  return url.href
}
