import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type ProxyWay, proxyFor } from './proxy.ts'

/** An answer other than 2xx, with all that it says. */
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

export interface Init {
  method?: string
  headers?: Headers | Record<string, string>
  body?: unknown
  signal?: AbortSignal | null
}

/** An answer of 2xx. */
export interface Answer {
  ok: true
  status: number
  /** By their names in lower case. */
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
  text(): Promise<string>
  json(): Promise<unknown>
}

export type Fetch = (url: string | URL, init?: Init) => Promise<Answer>

/**
 * A fetch over node:http for the SDKs; node's own takes some 200 ms to start and to end on a slow machine. An answer other than 2xx is
 * thrown, and so is silence for longer than `timeout`, in milliseconds. What a proxy is told goes to `secrets`.
 */
export const createFetch =
  (timeout: number, secrets: string[]): Fetch =>
  async (url, init = {}) => {
    const address = new URL(url)
    const proxy = await proxyFor(address)
    secrets.push(...(proxy?.secrets ?? []))
    const response = await call(address, init, timeout, proxy)
    const { statusCode: status = 0 } = response
    const headers = headersOf(response)
    const body = unpacked(response)
    if (status < 200 || status > 299) {
      const failure = new HttpFailure(status, headers, await textOf(body, MAX_FAILURE))
      throw status === 407 && proxy?.hasLogin ? Object.assign(failure, { code: 'ERR_PROXY_LOGIN' }) : failure
    }
    const text = async () => {
      // A page comes from a proxy, or from another server. The reader of a reply tells by its first bytes.
      if (headers['content-type']?.startsWith('text/html')) throw new HttpFailure(status, headers, await textOf(body, MAX_FAILURE))
      return textOf(body)
    }
    return { ok: true, status, headers, body, text, json: async () => JSON.parse(await text()) }
  }

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** Makes a request and gives its answer once that begins; the signal, and silence, end it then too. */
async function call(address: URL, { method = 'GET', headers = {}, body, signal }: Init, timeout: number, proxy?: ProxyWay) {
  const { request } = process.getBuiltinModule(address.protocol === 'https:' ? 'node:https' : 'node:http')
  const sent = Object.fromEntries(isHeaders(headers) ? headers.entries() : Object.entries(headers))
  signal?.throwIfAborted()
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    let got: IncomingMessage | undefined
    // Not node's global agent, which has rules of its own for proxies where NODE_USE_ENV_PROXY is set.
    const asked = request(address, { method, headers: sent, timeout, agent: proxy?.agent ?? false }, (response) => {
      got = response
      signal?.removeEventListener('abort', stop)
      resolve(response)
    })
    // Not by its own option: that destroys the socket even after it was given back, and then with an error that nobody hears.
    const stop = () => asked.destroy(signal?.reason)
    signal?.addEventListener('abort', stop)
    const fail = (error: unknown) => {
      // What a signal gives may be no error.
      if (proxy && error instanceof Error && !got) Object.assign(error, { proxy: proxy.host })
      reject(error)
    }
    const late = () => {
      const silent = Object.assign(new Error(`nothing came for ${timeout / 1000} s`), { code: 'ETIMEDOUT' })
      // Of a proxy that has made no tunnel yet, the end would be told as that of the tunnel.
      asked.off('error', fail).on('error', () => undefined)
      fail(silent)
      const open = got ?? asked
      open.destroy(silent)
    }
    asked.on('timeout', late)
    // Until there is a tunnel there is no connection that could be silent.
    const timer = proxy && setTimeout(late, timeout)
    for (const event of ['response', 'close']) asked.on(event, () => clearTimeout(timer))
    asked.on('error', fail)
    asked.end(body)
  })
  const end = () => response.destroy()
  signal?.addEventListener('abort', end)
  response.on('close', () => signal?.removeEventListener('abort', end))
  // Its readers are told by themselves; nobody may be reading any more.
  response.on('error', () => undefined)
  return response
}

const isHeaders = (headers: object): headers is Headers => 'entries' in headers && typeof headers.entries === 'function'

/** The most bytes that an answer may have: a server that never ends must not fill the memory. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20

/** Characters of a failure's body that are looked at. */
const MAX_FAILURE = 64_000

const PACKED = { gzip: 'createGunzip', 'x-gzip': 'createGunzip', deflate: 'createInflate', br: 'createBrotliDecompress' } as const

/** Nothing packed is asked for; some send it all the same. */
function unpacked(response: IncomingMessage): Readable {
  const make = PACKED[response.headers['content-encoding'] as keyof typeof PACKED]
  if (!make) return response
  const unpacker = process.getBuiltinModule('node:zlib')[make]()
  return process.getBuiltinModule('node:stream').pipeline(response, unpacker, () => undefined)
}

async function textOf(response: Readable, most = MAX_ANSWER_BYTES): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.length > most) break
  }
  return text
}
