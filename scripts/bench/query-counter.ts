import net, { type AddressInfo } from 'node:net'

/** A proxy in front of a PostgreSQL server that counts round trips. */
export interface QueryCounter {
  /** The endpoint through the proxy. */
  endpoint: string
  /** The answers of the server that it was ready after, without the one to the login. */
  count(): number
  close(): void
}

/** ReadyForQuery. */
const READY = 'Z'.charCodeAt(0)
/** The type of a message, and its length without the type. */
const HEAD = 5

/** Opens a counter in front of a server without TLS. */
export async function openCounter(endpoint: string): Promise<QueryCounter> {
  const target = new URL(endpoint)
  let count = 0
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy())
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
    while (rest.length >= HEAD && rest.length > rest.readInt32BE(1)) {
      if (rest[0] === READY) ready()
      rest = rest.subarray(1 + rest.readInt32BE(1))
    }
  }
}
