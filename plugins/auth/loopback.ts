import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { page } from './page.ts'

/** The redirect of the issuer, which the browser sends. */
export interface Callback {
  /** The redirect URI with the parameters of the issuer. */
  url: URL
  /** Shows the result in the browser. Resolves when the browser has received the page. */
  answer(isLoggedIn: boolean): Promise<void>
}

/** A server on this machine that waits for the browser of one login. */
export interface Loopback {
  redirectUri: string
  callback: Promise<Callback>
  /** Frees the port. */
  close(): void
}

/** Listens on a free port of this machine. Only the first request with this state is the callback. Calls `note` for a request with another state. */
export async function openLoopback(state: string, note: (text: string) => void): Promise<Loopback> {
  const server = http.createServer()
  // Not localhost, which the browser may resolve to another address.
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const redirectUri = `http://${host}/callback`
  const callback = new Promise<Callback>((resolve) => {
    let isTaken = false
    server.on('request', ({ method, url = '', headers }, response) => {
      const address = URL.canParse(url, redirectUri) ? new URL(url, redirectUri) : undefined
      // A page of another site could send requests to this server under its own host name (DNS rebinding).
      if (headers.host !== host || method !== 'GET' || address?.pathname !== '/callback') return void send(response, 404, 'not-found')
      if (address.searchParams.get('state') !== state) {
        note('ignored a callback of another login: its state is wrong')
        return void send(response, 400, 'other-login')
      }
      if (isTaken) return void send(response, 400, 'taken')
      isTaken = true
      resolve({ url: address, answer: (isLoggedIn) => send(response, isLoggedIn ? 200 : 400, isLoggedIn ? 'done' : 'failed') })
    })
  })
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { redirectUri, callback, close }
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  // The address of the page contains the code of the login.
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

async function send(response: http.ServerResponse, status: number, name: Parameters<typeof page>[0]): Promise<void> {
  // The user may have closed the page.
  if (response.destroyed) return
  const sent = once(response, 'close')
  response.writeHead(status, HEADERS).end(page(name))
  await sent
}
