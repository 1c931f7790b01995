import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A running test server. */
export interface TestServer {
  /** The URL of the server, without a path. */
  url: string
  requests: { method: string; path: string; headers: http.IncomingHttpHeaders; body: string }[]
}

/** Starts a server on loopback for one test. `answer` writes each response; `count` is the number of requests so far. */
export async function serve(answer: (response: http.ServerResponse, count: number) => void): Promise<TestServer> {
  const requests: TestServer['requests'] = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      requests.push({ method: String(request.method), path: String(request.url), headers: request.headers, body })
      answer(response, requests.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The headers of a stream of server-sent events. */
export const SSE = { 'content-type': 'text/event-stream' }

/** Returns the events of OpenAI's chat completions for these deltas. */
export const chunks = (...deltas: object[]) => deltas.map((delta) => sse({ choices: [{ index: 0, delta }] })).join('')
/** Returns a server-sent event. */
export const sse = (data: object | string) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
/** The event with the finish reason of a complete reply. */
export const STOP = sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
/** The last event of a stream. */
export const DONE = sse('[DONE]')
