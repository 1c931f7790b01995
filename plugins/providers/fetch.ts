import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type ProxyConnection, proxyFor } from './proxy.ts'

/** The error for an answer whose status is not 2xx, with the headers and the body of the answer. */
export class HttpFailure extends Error {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string

  constructor(status: number, headers: Record<string, string>, body: string) {
    super(`HTTP ${status}`)
    this.status = status
    this.headers = headers
    this.body = body
  }
}

/** The options of a request, as `fetch` takes them. */
export interface Init {
  method?: string
  headers?: Headers | Record<string, string>
  body?: unknown
  signal?: AbortSignal | null
}

/** An answer with a status of 2xx. */
export interface Answer {
  ok: true
  status: number
  /** The headers; their names are in lower case. */
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
  text(): Promise<string>
  json(): Promise<unknown>
}

/** Sends a request; throws an HttpFailure for a status other than 2xx. */
export type Fetch = (url: string | URL, init?: Init) => Promise<Answer>

/**
 * Creates a fetch over node:http for the SDKs; Node's own fetch takes some 200 ms to start and to end on a slow machine. The fetch throws
 * for an answer that is not 2xx, and if no data arrives for `timeout` milliseconds. The fetch adds the proxy's password to `secrets`.
 */
export const createFetch =
  (timeout: number, secrets: string[]): Fetch =>
  async (url, init = {}) => {
    const address = new URL(url)
    const proxy = await proxyFor(address)
    secrets.push(...(proxy?.secrets ?? []))
    const response = await send(address, init, timeout, proxy)
    const { statusCode: status = 0 } = response
    const headers = headersOf(response)
    const body = decompressed(response)
    if (status < 200 || status > 299) {
      const failure = new HttpFailure(status, headers, await textOf(body, MAX_FAILURE))
      throw status === 407 && proxy?.hasLogin ? Object.assign(failure, { code: 'ERR_PROXY_LOGIN' }) : failure
    }
    const text = async () => {
      // An HTML page comes from a proxy or another server. The reader of a reply recognizes a page by its first bytes instead.
      if (headers['content-type']?.startsWith('text/html')) throw new HttpFailure(status, headers, await textOf(body, MAX_FAILURE))
      return textOf(body)
    }
    return { ok: true, status, headers, body, text, json: async () => JSON.parse(await text()) }
  }

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** Sends a request, and resolves with the response once it starts. The signal and the timeout end the response too. */
async function send(address: URL, init: Init, timeout: number, proxy?: ProxyConnection): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body } = init
  const signal = init.signal ?? undefined
  const { request } = process.getBuiltinModule(address.protocol === 'https:' ? 'node:https' : 'node:http')
  const plainHeaders = Object.fromEntries(isHeaders(headers) ? headers.entries() : Object.entries(headers))
  signal?.throwIfAborted()
  // Node's global agent is not used, because it has its own proxy rules if NODE_USE_ENV_PROXY is set.
  const sent = request(address, { method, headers: plainHeaders, timeout, agent: proxy?.agent ?? false })
  const started = responseTo(sent, { timeout, proxy, signal })
  sent.end(body)
  const response = await started
  const end = () => response.destroy()
  signal?.addEventListener('abort', end)
  response.on('close', () => signal?.removeEventListener('abort', end))
  // A reader gets the error from the stream. Without this handler, an error after the last read would be uncaught.
  response.on('error', () => undefined)
  return response
}

interface Limits {
  timeout: number
  proxy?: ProxyConnection
  signal?: AbortSignal
}

/** Resolves with the response once it starts; the signal and the timeout end the request. */
const responseTo = (sent: ClientRequest, { timeout, proxy, signal }: Limits) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    let response: IncomingMessage | undefined
    // The request's own `signal` option would destroy the socket even after the agent took it back.
    const stop = () => sent.destroy(signal?.reason)
    const fail = (error: unknown) => {
      // An abort may have any value as its reason.
      if (proxy && error instanceof Error && !response) Object.assign(error, { proxy: proxy.host })
      reject(error)
    }
    const onTimeout = () => {
      const error = Object.assign(new Error(`no data for ${timeout / 1000} s`), { code: 'ETIMEDOUT' })
      // Before the tunnel exists, destroy() would surface as a tunnel error.
      sent.off('error', fail).on('error', () => undefined)
      fail(error)
      const open = response ?? sent
      open.destroy(error)
    }
    signal?.addEventListener('abort', stop)
    sent.on('response', (started) => {
      response = started
      signal?.removeEventListener('abort', stop)
      resolve(started)
    })
    sent.on('timeout', onTimeout).on('error', fail)
    // The request's own timeout starts with the connection, and the connection exists only after the proxy has opened a tunnel.
    const timer = proxy && setTimeout(onTimeout, timeout)
    for (const event of ['response', 'close']) sent.on(event, () => clearTimeout(timer))
  })

const isHeaders = (headers: object): headers is Headers => 'entries' in headers && typeof headers.entries === 'function'

/** The maximum size of an answer, in bytes, so that an endless answer does not fill the memory. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20

/** The maximum number of characters to read of a failure's body. */
const MAX_FAILURE = 64_000

const DECOMPRESSORS = { gzip: 'createGunzip', 'x-gzip': 'createGunzip', deflate: 'createInflate', br: 'createBrotliDecompress' } as const

/** The body of a response. Requests do not accept compression, but some servers compress anyway. */
function decompressed(response: IncomingMessage): Readable {
  const create = DECOMPRESSORS[response.headers['content-encoding']?.toLowerCase() as keyof typeof DECOMPRESSORS]
  if (!create) return response
  const decompressor = process.getBuiltinModule('node:zlib')[create]()
  return process.getBuiltinModule('node:stream').pipeline(response, decompressor, () => undefined)
}

async function textOf(response: Readable, limit = MAX_ANSWER_BYTES): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.length > limit) break
  }
  return text
}
