import net, { type AddressInfo } from 'node:net'
import { readyCounter } from '../../../scripts/bench/query-counter.ts'

/** A point in a sync: before its n-th query reaches the server, or in the middle of the answer to it. */
export interface Stage {
  query: number
  at: 'query' | 'answer'
}

/** A proxy in front of a server that holds the next connection at a stage. */
export interface StageProxy {
  /** The endpoint through the proxy. */
  endpoint: string
  /** Holds the next connection at this stage. Resolves when the connection is there, or when it has ended before. */
  hold(stage: Stage): Promise<'held' | 'ended'>
  /** Lets what is held pass. */
  release(): void
  /** The number of queries of the last connection. */
  queries(): number
  close(): void
}

/** Opens a proxy to the server of an endpoint without TLS. */
export async function openStages(endpoint: string): Promise<StageProxy> {
  const { hostname, port } = new URL(endpoint)
  let next: { stage: Stage; reached(how: 'held' | 'ended'): void } | undefined
  let queries = 0
  let release = () => {}
  const server = net.createServer((client) => {
    const own = next
    next = undefined
    const upstream = net.connect(Number(port), hostname)
    // The first one is the end of the login.
    let ready = 0
    const count = readyCounter(() => ready++)
    const end = () => {
      queries = ready - 1
      own?.reached('ended')
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    const pass = (from: net.Socket, to: net.Socket, at: Stage['at']) =>
      from.on('data', (data) => {
        const isHere = own?.stage.at === at && ready === own.stage.query
        const kept = isHere ? Math.floor(data.length / 2) : data.length
        if (at === 'answer') count(data)
        to.write(data.subarray(0, at === 'query' && isHere ? 0 : kept))
        if (!isHere) return
        own.stage.query = 0
        from.pause()
        release = () => {
          to.write(data.subarray(at === 'query' ? 0 : kept))
          from.resume()
        }
        own.reached('held')
      })
    pass(client, upstream, 'query')
    pass(upstream, client, 'answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = new URL(endpoint)
  own.port = String((server.address() as AddressInfo).port)
  return {
    endpoint: own.href,
    hold: (stage) => new Promise((reached) => (next = { stage: { ...stage }, reached })),
    release: () => release(),
    queries: () => queries,
    close: () => void server.close(),
  }
}
