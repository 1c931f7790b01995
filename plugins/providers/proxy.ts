import type { Agent } from 'node:http'
import { messageOf, Problem } from 'ainative-code'
import { isListed, isLocal } from './no-proxy.ts'
import { shownUrl } from './shown-url.ts'

/** A proxy, and the agent that sends requests through the proxy. */
export interface ProxyConnection {
  agent: Agent
  host: string
  /** True if the proxy's URL has a user name. */
  hasLogin: boolean
  secrets: string[]
}

/** The proxy that the environment names for an address; undefined if there is none or NO_PROXY covers the address. */
export async function proxyFor(address: URL): Promise<ProxyConnection | undefined> {
  const scheme = address.protocol.slice(0, -1)
  const name = setVariable(`${scheme}_proxy`, 'all_proxy')
  if (!name || isLocal(address)) return undefined
  const except = setVariable('no_proxy')
  if (except && isListed(address, readVariable(except))) return undefined
  const text = readVariable(name)
  try {
    return await connectThrough(proxyUrl(text), scheme)
  } catch (error) {
    throw new Problem('config', `${name}: ${JSON.stringify(shownUrl(text))} is not the URL of an HTTP proxy: ${messageOf(error)}`, {
      hint: `set ${name} to a URL such as http://host:port`,
    })
  }
}

const readVariable = (name: string) => process.env[name]?.trim() ?? ''

/** The first of these variables that is set, in lower case or in upper case; an empty variable counts as unset. */
const setVariable = (...names: string[]) => names.flatMap((name) => [name, name.toUpperCase()]).find(readVariable)

function proxyUrl(text: string): URL {
  const url = new URL(/^[a-z][a-z\d+.-]*:\//i.test(text) ? text : `http://${text}`)
  if (!/^https?:$/.test(url.protocol)) throw new Error('its scheme is neither http nor https')
  // URL reads a lone port as an IP address.
  if (/^(\w+:\/\/)?\d+\/?$/.test(text)) throw new Error('it has no host')
  return url
}

async function connectThrough(url: URL, scheme: string): Promise<ProxyConnection> {
  // Decoded here too, so that a malformed escape fails here and not in the agent.
  const [, password] = [url.username, url.password].map(decodeURIComponent)
  const agent =
    scheme === 'https'
      ? new (await import('https-proxy-agent')).HttpsProxyAgent(url)
      : new (await import('http-proxy-agent')).HttpProxyAgent(url)
  return { agent, host: url.host, hasLogin: url.username !== '', secrets: password ? [password] : [] }
}
