import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import type { CertificateFiles } from './certificate.ts'
import { CLIENT, type TestIssuer } from './oidc.ts'

/** A gateway in front of PostgreSQL that accepts access tokens as passwords. */
export interface Gateway {
  port: number
  /** The passwords that clients sent. */
  passwords: string[]
  /** Returns the reason of a refusal for the client. The default reason says what is wrong with the token. */
  reason?(token: string): string
}

/** The options of a gateway. */
export interface GatewayOptions extends CertificateFiles {
  issuer: TestIssuer
  /** The endpoint of the only role, behind the gateway. */
  endpoint: string
  /** The user of the issuer who may log in as this role. */
  user: string
}

/** Opens a gateway for one test. It requires TLS and a valid token of the issuer, and then logs in at the server behind it. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const sockets = new Set<net.Socket>()
  const gateway: Gateway = { port: 0, passwords: [] }
  const server = net.createServer((raw) => {
    sockets.add(raw.on('error', () => undefined))
    raw.once('data', () => {
      raw.write('S')
      const socket = new TLSSocket(raw, { isServer: true, key: fs.readFileSync(options.key), cert: fs.readFileSync(options.cert) })
      socket.on('error', () => undefined)
      void serveClient(socket, gateway, options).catch(() => socket.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  gateway.port = (server.address() as AddressInfo).port
  return gateway
}

const AUTH_OK = message('R', Buffer.alloc(4))
const ASK_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]))
const READY = message('Z', Buffer.from('I'))

/** Returns a message of the protocol of PostgreSQL. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}0000`)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const next = (socket: TLSSocket) => new Promise<Buffer>((resolve) => socket.once('data', resolve))

async function serveClient(socket: TLSSocket, gateway: Gateway, options: GatewayOptions): Promise<void> {
  const start = (await next(socket)).subarray(8).toString().split('\0')
  const parameter = (name: string) => start[start.indexOf(name) + 1]
  socket.write(ASK_PASSWORD)
  const token = (await next(socket)).subarray(5, -1).toString()
  gateway.passwords.push(token)
  const mistake = await mistakeOf(token, String(parameter('user')), options)
  if (mistake) {
    const text = gateway.reason?.(token) ?? mistake
    socket.end(message('E', Buffer.from(`SFATAL\0VFATAL\0C28P01\0M${text}\0\0`)))
    return
  }
  const upstream = await logIn(options.endpoint, parameter('options'))
  socket.write(Buffer.concat([AUTH_OK, READY]))
  socket.pipe(upstream).pipe(socket)
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}

/** Returns the reason to refuse a token: the issuer does not confirm the token (RFC 7662), or the token belongs to another user. */
async function mistakeOf(token: string, role: string, { issuer, endpoint, user }: GatewayOptions): Promise<string | undefined> {
  const body = new URLSearchParams({ token, client_id: CLIENT })
  const answer = await (await fetch(`${issuer.url}/token/introspection`, { method: 'POST', body })).json()
  if (!answer.active) return 'the token is not valid'
  if (answer.sub !== user || role !== new URL(endpoint).username) return `the token of ${answer.sub} is not for ${role}`
  return undefined
}

/** Logs in at the server, and returns the connection when it is ready for the first query. */
async function logIn(endpoint: string, options: string | undefined): Promise<net.Socket> {
  const client = new pg.Client({ connectionString: endpoint, options })
  client.on('error', () => undefined)
  await client.connect()
  const { stream } = (client as unknown as { connection: { stream: net.Socket } }).connection
  return stream.removeAllListeners('data')
}
