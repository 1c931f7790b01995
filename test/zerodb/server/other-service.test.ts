import { once } from 'node:events'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { here, makeHome } from '../../helpers/cli.ts'
import { expectProblem } from '../../helpers/problem.ts'

/** Starts a server that is not PostgreSQL. Returns its host and port. */
async function serve(answer: (socket: net.Socket) => void): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

/** Runs `zerodb ping` with the server. */
function ping(place: string, sslmode: string) {
  const env = { AINATIVE_ZERODB_ENDPOINT: `postgresql://a:b@${place}/x?connect_timeout=60&sslmode=${sslmode}` }
  return here(makeHome(env)).run('zerodb', 'ping')
}

const after = (data: string | Uint8Array, end?: 'end') => (socket: net.Socket) =>
  socket.once('data', () => (end ? socket.end(data) : socket.write(data)))

const HTTP = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'

test.each([
  ['an HTTP server that closes', after(HTTP, 'end')],
  ['an HTTP server that waits', after(HTTP)],
  ['an SSH server', (socket: net.Socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
  ['an RTSP server', after('RTSP/1.0 400 Bad Request\r\n\r\n')],
  ['garbage', after(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 200, 201]))],
  ['zeros', after(new Uint8Array(64))],
])('another service is no PostgreSQL server, with and without TLS: %s', async (_, answer) => {
  const place = await serve(answer)
  for (const sslmode of ['disable', 'verify-full'])
    expectProblem(
      await ping(place, sslmode),
      1,
      `error: no PostgreSQL server answers at ${place}\nhint: another service listens there: check host and port in AINATIVE_ZERODB_ENDPOINT\n`,
    )
})

test.each([
  ['closes', (socket: net.Socket) => socket.end()],
  ['resets', (socket: net.Socket) => socket.resetAndDestroy()],
])('a server that %s the connection at once', async (_, answer) => {
  const place = await serve(answer)
  for (const sslmode of ['disable', 'verify-full'])
    expectProblem(await ping(place, sslmode), 1, `error: the connection to ${place} was lost\nhint: `)
})

test('a login of another kind is a problem of the server', async () => {
  const GSSAPI = 7
  const kerberos = await serve(after(Uint8Array.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, GSSAPI])))
  const oauth = Buffer.from('OAUTHBEARER\0\0')
  const bearer = await serve(after(Uint8Array.from([...Buffer.from('R'), 0, 0, 0, 8 + oauth.length, 0, 0, 0, 10, ...oauth])))
  for (const place of [kerberos, bearer])
    expectProblem(await ping(place, 'disable'), 1, `error: no login with a password is possible at ${place} (`, 'pg_hba.conf')
})

test('a message of PostgreSQL may arrive in pieces', async () => {
  const refusal = 'E\0\0\0\x17SFATAL\0C28000\0Mno\0\0'
  const place = await serve((socket) =>
    socket.once('data', () => {
      socket.setNoDelay().write(refusal.slice(0, 3))
      setImmediate(() => socket.write(refusal.slice(3)))
    }),
  )
  expect((await ping(place, 'disable')).stderr).toContain(`${place} refused the login of a (no)`)
})
