import { type Host, messageOf, Problem, type ProviderSetup } from 'ainative-code'
import { createFetch } from './fetch.ts'
import { IN_KEYRING } from './in-keyring.ts'
import type { ProviderSpec, Settings } from './provider-spec.ts'
import { shownUrl } from './shown-url.ts'

type Block = Record<string, unknown>

const TIMEOUT_MS = 300_000

/** Reads a provider's settings from the environment and the config; the environment takes precedence. Throws a Problem for a missing key. */
export async function settingsOf(host: Host, spec: ProviderSpec): Promise<Settings> {
  const block = await blockOf(host, spec)
  const { max_tokens, temperature, top_p, timeout = TIMEOUT_MS, headers = {}, options = {} } = block as Partial<Settings>
  const { fields, ...address } = addressOf(host.env, spec, block)
  const own = fieldsOf(host.env, spec, block)
  const secrets = secretsIn(address.base_url)
  return {
    ...{ max_tokens, temperature, top_p, timeout, headers, options, secrets, env: host.env, fetch: createFetch(timeout, secrets) },
    ...address,
    own: { ...fields, ...own },
    model: modelOf(spec, own, block, fields),
    api_key: await keyOf(host, spec, block),
  }
}

/** The secrets in a URL: the password or, without one, the user name, which may be a token. */
function secretsIn(address: string): string[] {
  if (!address) return []
  const { username, password } = new URL(address)
  return [password || username].filter(Boolean).map(decoded)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Reads the setup of a provider, without its key. */
export async function setupOf(host: Host, spec: ProviderSpec): Promise<ProviderSetup> {
  const block = await blockOf(host, spec)
  const { base_url, custom, fields } = addressOf(host.env, spec, block)
  const key = keySource(host.env, spec, block) ?? spec.credentials?.find(host.env)
  const keyless = spec.keyless && !spec.credentials
  return {
    base_url: shownUrl(base_url) || undefined,
    ...{ key, keyless, model: modelOf(spec, fieldsOf(host.env, spec, block), block, fields) },
    gateway: spec.gateway && custom,
    ...{ variables: spec.keys, page: spec.page, questions: spec.questions, missing: key === undefined && !spec.keyless },
    credentials: spec.credentials?.name,
    wanted: key !== undefined || (keyless && (custom || Object.keys(block).length > 0)),
  }
}

/** The configured model, or else the model that the address names, or else the provider's default. */
function modelOf(
  { modelKey = 'model', model }: ProviderSpec,
  own: Settings['own'],
  block: Block,
  address: Settings['own'],
): string | undefined {
  const set = own[modelKey] || block.model || address[modelKey]
  return set === undefined ? model : String(set)
}

/** Reads and checks the config block of a provider, under any of its names. */
async function blockOf(host: Host, spec: ProviderSpec): Promise<Block> {
  const { name, aliases = [] } = spec
  const block: Block = Object.assign({}, ...[...aliases, name].map((each) => host.block(`llm.${each}`)))
  return Object.keys(block).length > 0 ? (await import('./block.ts')).checkBlock(host, spec, block) : {}
}

/** The first of these variables that is set. */
const variableIn = (env: NodeJS.ProcessEnv, names: readonly string[] = []) => names.find((name) => env[name]?.trim())

/** Checks that a header can carry the key. Removes a line end, which a key from a file may have. */
function checkedKey(text: string, source: string): string {
  const key = text.trim()
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw new Problem('no-key', `the key of ${source} contains a character that no key has`, {
    hint: 'copy the key again: a key is one word of ASCII characters',
  })
}

function keySource(env: NodeJS.ProcessEnv, { name, keys }: ProviderSpec, block: Block): string | undefined {
  const variable = variableIn(env, keys)
  if (variable) return variable
  if (block.api_key === IN_KEYRING) return IN_KEYRING
  return ['api_key', 'api_key_command'].filter((key) => block[key]).map((key) => `llm.${name}.${key}`)[0]
}

/** The address of the API, and the fields that the address names. */
interface Address extends Pick<Settings, 'base_url' | 'custom'> {
  fields: Settings['own']
}

function addressOf(env: NodeJS.ProcessEnv, { name, baseUrl }: ProviderSpec, block: Block): Address {
  const variable = variableIn(env, baseUrl.variables)
  const key = ['base_url', baseUrl.key].find((each) => each && block[each])
  const text = variable ? env[variable] : key && block[key]
  if (typeof text !== 'string') return { base_url: baseUrl.default ?? '', custom: false, fields: {} }
  try {
    return readAddress(text, baseUrl)
  } catch (error) {
    const source = variable ?? `config llm.${name}.${key}`
    throw new Problem('config', `${source}: ${JSON.stringify(shownUrl(text))} is not the URL of an API: ${messageOf(error)}`, {
      hint: baseUrl.forms ?? `expected a URL such as ${baseUrl.default ?? 'https://example.com/v1'}`,
    })
  }
}

function readAddress(text: string, { read, split, complete }: ProviderSpec['baseUrl']): Address {
  const url = new URL(read?.(text) ?? text)
  if (!/^https?:$/.test(url.protocol)) throw new Error('its scheme is neither http nor https')
  if (url.hash || (url.search && !split)) throw new Error('it has more than a path')
  const { url: address, fields } = split?.(url) ?? { url: url.href.replace(/\/+$/, ''), fields: {} }
  return { base_url: complete?.(address) ?? address, custom: true, fields }
}

function fieldsOf(env: NodeJS.ProcessEnv, { fields = {} }: ProviderSpec, block: Block): Settings['own'] {
  const values = Object.entries(fields).map(([key, variables]): [string, string | number | undefined] => {
    const variable = variableIn(env, variables)
    return [key, variable ? env[variable] : (block[key] as string | number | undefined)]
  })
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

async function keyOf(host: Host, { name, keys = [], keyless }: ProviderSpec, block: Block): Promise<string> {
  const variable = variableIn(host.env, keys)
  if (variable) return checkedKey(host.env[variable] as string, variable)
  if (block.api_key === IN_KEYRING) return (await import('./stored-key.ts')).keyFromKeyring(host, name, keys)
  if (typeof block.api_key === 'string' && block.api_key.trim()) return checkedKey(block.api_key, `llm.${name}.api_key`)
  if (typeof block.api_key_command === 'string') {
    const { keyFromCommand } = await import('./key-command.ts')
    return checkedKey(await keyFromCommand(host, name, block.api_key_command), `llm.${name}.api_key_command`)
  }
  if (keyless) return ''
  const settings = `${keys.join(' or ')}, or llm.${name}.api_key in the config`
  throw new Problem('no-key', `${name} needs an API key, and none is set`, {
    hint: [`ainative-code provider setup ${name} asks for the key; or set ${settings}`, ...(await keylessHint(host))].join('; '),
  })
}

/** The hint about providers that work without a key. */
async function keylessHint(host: Host): Promise<string[]> {
  const keyless: string[] = []
  for (const { name, setup } of host.providers().all()) {
    const found = await setup?.().catch(() => undefined)
    if (found?.keyless) keyless.push(name)
  }
  return keyless.length > 0 ? [`${keyless.join(' and ')} ${keyless.length > 1 ? 'need' : 'needs'} no key`] : []
}
