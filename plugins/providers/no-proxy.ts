/** Matches addresses of this machine, in the spelling to which URL normalizes an IP address. */
const LOCAL = /^(([^.]+\.)*localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(7f[\da-f]{2}:[\da-f]{1,4}|0:0)\])\.?$/

/** True for an address of this machine, which no proxy can reach. */
export const isLocal = ({ hostname }: URL) => LOCAL.test(hostname)

/**
 * True if the list of NO_PROXY covers the address: entries between commas or spaces, each a domain with its subdomains, a suffix
 * such as *.example.com, an IP address, a network such as 10.0.0.0/8, or *; each may end with a port.
 */
export function isListed({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const ownPort = port || (protocol === 'https:' ? '443' : '80')
  const entries = list.toLowerCase().split(/[\s,]+/)
  return entries.filter(Boolean).some((entry) => {
    const { name, port } = splitPort(entry)
    return (!port || port === ownPort) && matchesDomain(name, host)
  })
}

/** Splits an entry into its name and its port; an IPv6 address with a port has brackets. */
function splitPort(entry: string): { name: string; port?: string } {
  const [, inner, bits = '', port] = /^\[(.*)\](\/\d+)?(?::(\d+))?$/.exec(entry) ?? []
  if (inner) return { name: inner + bits, port }
  if (/:.*:/.test(entry)) return { name: entry }
  const [name = '', ownPort] = entry.split(':')
  return { name, port: ownPort }
}

function matchesDomain(name: string, host: string): boolean {
  if (name === '*') return true
  const family = process.getBuiltinModule('node:net').isIP(host)
  if (family) return inNetwork(name, host, family)
  if (name.startsWith('*')) return host.endsWith(name.slice(1))
  const domain = process.getBuiltinModule('node:url').domainToASCII(name.replace(/^\.|\.$/g, ''))
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

/** True if the entry is this IP address, or a network in CIDR notation that contains it. */
function inNetwork(name: string, host: string, family: number): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net')
  const [, base = '', bits] = /^(.*?)(?:\/(\d+))?$/.exec(name) ?? []
  const kind = isIP(base)
  if (!kind) return false
  const type = (version: number) => (version === 6 ? 'ipv6' : 'ipv4')
  const network = new BlockList()
  try {
    network.addSubnet(base, Number(bits ?? (kind === 6 ? 128 : 32)), type(kind))
  } catch {
    // An invalid prefix length, such as /33.
    return false
  }
  return network.check(host, type(family))
}
