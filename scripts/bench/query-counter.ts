import net, { type AddressInfo } from 'node:net'

/** A proxy in front of a PostgreSQL server that counts round trips. */
export interface QueryCounter {
  /** The endpoint through the proxy. */
  endpoint: string
  /** The number of round trips after the login. */
  count(): number
  close(): void
}

/** The type of the message ReadyForQuery, with which the server ends an answer. */
const READY = 'Z'.charCodeAt(0)
/** The bytes of a message before its content: the type, and the length without the type. */
const HEADER = 5

/** Opens a counter in front of a server without TLS. */
export async function openCounter(endpoint: string): Promise<QueryCounter> {
  const target = new URL(endpoint)
  let count = 0
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy())
    // The login ends with ReadyForQuery too.
    count--
    upstream.on(
      'data',
      readyCounter(() => count++),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = new URL(endpoint)
  own.port = String((server.address() as AddressInfo).port)
  return { endpoint: own.href, count: () => count, close: () => void server.close() }
}

/** Calls `ready` for each message ReadyForQuery in a stream. */
export function readyCounter(ready: () => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= HEADER && rest.length > rest.readInt32BE(1)) {
      if (rest[0] === READY) ready()
      rest = rest.subarray(1 + rest.readInt32BE(1))
    }
  }
}
