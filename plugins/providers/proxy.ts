import type { Agent } from 'node:http'
import { messageOf, Problem } from 'ainative-code'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'
import { shownUrl } from './shown-url.ts'

/** A way to an address through a proxy. */
export interface ProxyWay {
  agent: Agent
  host: string
  /** What it is told to let somebody through. */
  secrets: string[]
}

/** The way through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for an address. */
export function proxyFor(address: URL): ProxyWay | undefined {
  const found = getProxyForUrl(address.href)
  if (!found) return undefined
  // The library takes one without a scheme for one of the address's own; it speaks plain HTTP, as for curl.
  const proxy = Object.values(process.env).includes(found) ? found : found.replace(/^\w+:/, 'http:')
  try {
    const { protocol, host, username, password } = new URL(proxy)
    if (!/^https?:$/.test(protocol)) throw new Error('it does not speak HTTP')
    const agent = address.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy)
    const word = decodeURIComponent(password)
    return { agent, host, secrets: password ? [word, btoa(`${decodeURIComponent(username)}:${word}`)] : [] }
  } catch (error) {
    throw new Problem('config', `the proxy ${JSON.stringify(shownUrl(proxy))} of the environment cannot be used: ${messageOf(error)}`, {
      hint: 'HTTPS_PROXY and HTTP_PROXY look like http://host:port',
    })
  }
}
