import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Served {
  /** Without a path. */
  url: string
  requests: { method: string; path: string; headers: http.IncomingHttpHeaders; body: string }[]
}

/** A server on loopback for this test, whose answers are written by hand. */
export async function serve(answer: (response: http.ServerResponse, count: number) => void): Promise<Served> {
  const requests: Served['requests'] = []
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

export const SSE = { 'content-type': 'text/event-stream' }

/** Events of OpenAI's chat completions, the last one as it ends them. */
export const chunks = (...deltas: object[]) => deltas.map((delta) => sse({ choices: [{ index: 0, delta }] })).join('')
export const sse = (data: object | string) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
export const STOP = sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
export const DONE = sse('[DONE]')
