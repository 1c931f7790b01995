import type { Agent } from 'node:http'
import { Problem } from 'ainative-code'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'

/** A way to an address through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for it, and the proxy's host. */
export function proxyFor(address: URL): { agent: Agent; host: string } | undefined {
  const found = getProxyForUrl(address.href)
  if (!found) return undefined
  // The library takes one without a scheme for one of the address's own; it speaks plain HTTP, as for curl.
  const proxy = Object.values(process.env).includes(found) ? found : found.replace(/^\w+:/, 'http:')
  if (!/^https?:/.test(proxy)) {
    throw new Problem('config', `the proxy ${new URL(proxy).host} is none that speaks HTTP`, {
      hint: 'HTTPS_PROXY looks like http://host:port',
    })
  }
  const agent = address.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy)
  return { agent, host: new URL(proxy).host }
}
