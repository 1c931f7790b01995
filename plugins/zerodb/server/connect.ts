import fs from 'node:fs'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { codeOf, type Host, messageOf, Problem } from 'ainative-code'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { DeviceKey } from '../encryption/key-store.ts'
import { readSettings } from '../settings.ts'
import { type Endpoint, endpointOf, isConfigured, isLocal, TLS_MODES, tlsModeOf } from './endpoint.ts'
import { preferLocalAdmin } from './local-admin.ts'
import { CLIENT, type ServerSchema } from './schema.ts'
import { serverProblem } from './server-problem.ts'
import { ServerSocket } from './socket.ts'
import { withToken } from './token.ts'

/** An open connection to the server. */
export interface Server {
  db: Kysely<ServerSchema>
  /** The role that logged in. */
  user: string
  endpoint: Endpoint
  /** The version of TLS; undefined for a connection without TLS. */
  tls?: string
  /** The key of this device, if `services.zerodb.encryption` is on. */
  key?: DeviceKey
  /** The signal that cuts the connection. */
  signal?: AbortSignal
  close(): Promise<void>
}

/** The options of a connection. */
export interface ConnectOptions {
  /** The URL of an admin. `true` selects AINATIVE_ZERODB_ADMIN, or the admin of the server of `zerodb start`, or else the endpoint. */
  admin?: string | boolean
  signal?: AbortSignal
  /** Accepts a lower `sslmode` than verify-full off loopback. */
  allowInsecure?: boolean
  /** The longest time to wait for the connection, in seconds, if the endpoint allows more. */
  timeout?: number
  /** Called with each warning. */
  note?(text: string): void
}

/** Connects to the server with one connection. Throws a Problem for each failure. */
export async function connect(host: Host, { admin, ...options }: ConnectOptions = {}): Promise<Server> {
  const { auth, allow_insecure, encryption, endpoint: url } = readSettings(host)
  const configured = endpointOf(host.env, url, admin)
  const endpoint = admin === true ? preferLocalAdmin(host, configured) : configured
  const complete = auth === 'token' && isConfigured(endpoint) ? await withToken(host, endpoint, options.signal) : endpoint
  const server = await connectTo(complete, { ...options, allowInsecure: options.allowInsecure || allow_insecure })
  return encryption ? { ...server, key: (await import('../encryption/key-store.ts')).deviceKey(host) } : server
}

/** Connects to this endpoint. */
export async function connectTo(endpoint: Endpoint, options: Omit<ConnectOptions, 'admin'> = {}): Promise<Server> {
  const ssl = tlsSettings(endpoint, options)
  try {
    return await open(endpoint, ssl, options, SAFE_PATH)
  } catch (error) {
    // Poolers such as PgBouncer refuse the parameter; roles of `zerodb user add` have the same setting on the server.
    if (codeOf(error) !== '08P01' || !/startup parameter/.test(messageOf(error))) throw serverProblem(error, endpoint)
    return open(endpoint, ssl, options, undefined).catch((again) => {
      throw serverProblem(again, endpoint)
    })
  }
}

/** Without this option, the owner of the database could set a search path that finds other functions of the same names. */
const SAFE_PATH = '-c search_path=pg_catalog'

async function open(endpoint: Endpoint, ssl: pg.ClientConfig['ssl'], connecting: ConnectOptions, options?: string): Promise<Server> {
  const { signal } = connecting
  signal?.throwIfAborted()
  const { host, port, user, password, database } = endpoint
  const timeout = Math.min(endpoint.timeout, connecting.timeout ?? Number.POSITIVE_INFINITY)
  const { Client, cut } = clientClass()
  const pool = new pg.Pool({
    ...{ host, port, user, password: password ?? '', database, ssl, options, Client, types: { getTypeParser } },
    ...(ssl === false && { stream: () => new ServerSocket() }),
    ...{
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: timeout * 1000,
      application_name: `ainative-code schema ${CLIENT.version}`,
    },
  })
  if (options === undefined) pool.on('connect', (client) => void client.query(`set search_path = pg_catalog`).catch(() => undefined))
  // The next query reports the lost connection. A client that is in use has to be listened to as well, also one that replaces a lost one.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  signal?.addEventListener('abort', cut, { once: true })
  const close = async () => {
    signal?.removeEventListener('abort', cut)
    if (!pool.ending) await pool.end()
  }
  try {
    const client = await pool.connect()
    const { stream } = socketOf(client)
    client.release()
    const tls = stream instanceof TLSSocket ? (stream.getProtocol() ?? undefined) : undefined
    return { db: new Kysely<ServerSchema>({ dialect: new PostgresDialect({ pool }) }), user, endpoint, tls, signal, close }
  } catch (error) {
    // pg leaves the socket of a login open that fails on this side, for example without a password.
    cut()
    await close()
    throw signal?.aborted ? signal.reason : error
  }
}

/** The connection of a client, which the types of pg omit. */
const socketOf = (client: object) => (client as { connection: { stream: Duplex } }).connection

/** Returns a client class, and a function that cuts the connections of its instances, including connections that are not open yet. */
function clientClass() {
  const clients: pg.Client[] = []
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config)
      clients.push(this)
    }
  }
  const cut = () => {
    for (const client of clients) socketOf(client).stream.destroy(new Error('aborted'))
  }
  return { Client, cut }
}

const INT8 = 20

/** Revisions and counts are numbers: they stay below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')
}

/** The TLS settings of a connection: verify-full off loopback, unless a lower mode is allowed. */
function tlsSettings(endpoint: Endpoint, { allowInsecure, note }: ConnectOptions): pg.ClientConfig['ssl'] {
  const local = isLocal(endpoint)
  const mode = tlsModeOf(endpoint)
  if (!local && TLS_MODES.indexOf(mode) < TLS_MODES.indexOf('verify-full')) {
    if (!allowInsecure)
      throw new Problem('server-tls', `${endpoint.source}: sslmode ${mode} does not verify the server ${endpoint.host}`, {
        hint: 'use sslmode=verify-full, with sslrootcert=FILE for a private authority; services.zerodb.allow_insecure: true accepts the risk',
      })
    note?.(`the connection to ${endpoint.host} is not verified (sslmode ${mode}): others on the network may read and change it`)
  }
  if (mode === 'disable') return false
  const ca = endpoint.rootCertificate === undefined ? undefined : certificates(endpoint.rootCertificate, endpoint.source)
  if (mode === 'require') return { rejectUnauthorized: false }
  // Without `host`, pg verifies the certificate of an IP address against the name localhost.
  const { host } = endpoint
  return { host, rejectUnauthorized: true, ...(ca && { ca }), ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }) }
}

function certificates(file: string, source: string): string | undefined {
  if (file === 'system') return undefined
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new Problem(
      'server-tls',
      `${source}: cannot read the certificates of sslrootcert ${file} (${codeOf(error) ?? messageOf(error)})`,
      {
        hint: 'write the absolute path of a file in PEM format',
        cause: error,
      },
    )
  }
}
