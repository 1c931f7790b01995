import net, { type AddressInfo } from 'node:net'

/** A TCP proxy in front of a server, which can cut connections in the middle of what is sent. */
export interface CuttingProxy {
  /** The endpoint through the proxy. */
  endpoint: string
  /** Cuts the next connection after this many bytes from the client, or from the server; undefined to let it pass. */
  cut?: { from: 'client' | 'server'; after: number }
  close(): Promise<void>
}

/** Opens a proxy to the host and port of an endpoint. */
export async function openProxy(endpoint: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(endpoint)
  const target = new URL(endpoint)
  const sockets = new Set<net.Socket>()
  const proxy: CuttingProxy = { endpoint: '', close: async () => undefined }
  const server = net.createServer((client) => {
    const { cut } = proxy
    const upstream = net.connect(Number(port), hostname)
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    const pass = (from: net.Socket, to: net.Socket, side: 'client' | 'server') => {
      let left = cut?.from === side ? cut.after : Number.POSITIVE_INFINITY
      from.on('data', (data) => {
        to.write(data.subarray(0, left))
        left -= data.length
        // What was written must still arrive: the server may commit although its answer is lost.
        if (left <= 0) to.end(() => from.destroy())
      })
    }
    pass(client, upstream, 'client')
    pass(upstream, client, 'server')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target.port = String((server.address() as AddressInfo).port)
  proxy.endpoint = target.href
  proxy.close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return proxy
}
