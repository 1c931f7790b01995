import type { Agent } from 'node:http'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'

/** A way to an address through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for it, and the proxy's host. */
export function proxyFor(address: URL): { agent: Agent; host: string } | undefined {
  const proxy = getProxyForUrl(address.href)
  if (!proxy) return undefined
  const agent = address.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy)
  return { agent, host: new URL(proxy).host }
}
