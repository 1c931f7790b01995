import { type Context, type Host, messageOf, Problem } from 'ainative-code'
import { openKeyring, testedKeyring } from '../keyring/index.ts'
import { IN_KEYRING } from './in-keyring.ts'

export { IN_KEYRING }

/** The name of a provider's key in the keyring. */
const nameOf = (provider: string) => `llm.${provider}.api_key`

/** Stores a key. Returns the value of `api_key` for the config: `keyring`, or the key itself if no keyring works. */
export async function storeKey(provider: string, key: string, { host, signal, note }: Context): Promise<string> {
  const keyring = await testedKeyring(host, signal)
  if (typeof keyring !== 'string') {
    await keyring.set(nameOf(provider), key)
    return IN_KEYRING
  }
  if (!host.env.AINATIVE_NO_KEYRING) note(`${keyring}; the key is stored in your config, which only you can read`)
  return key
}

/** Reads the key of a provider from the keyring. Throws a Problem if the keyring does not have the key. */
export async function keyFromKeyring(host: Host, provider: string, variables: readonly string[]): Promise<string> {
  const hint = `ainative-code provider setup ${provider} asks for the key; or set ${variables.join(' or ')}`
  try {
    const key = await (await openKeyring(host)).get(nameOf(provider))
    if (key !== undefined) return key
  } catch (error) {
    throw new Problem('no-key', `the key of ${provider} is in the keyring: ${messageOf(error)}`, { hint })
  }
  throw new Problem('no-key', `the config refers to the keyring for the key of ${provider}, but the keyring has no such key`, { hint })
}

/** Removes a key from the keyring. */
export const removeKey = async (host: Host, provider: string): Promise<void> => (await openKeyring(host)).remove(nameOf(provider))

/** The built-in provider whose key is this setting, such as `openai` for `llm.openai.api_key`; undefined for any other setting. */
export async function keyOwner(host: Host, [root, name = '', key, ...rest]: readonly string[]): Promise<string | undefined> {
  if (root !== 'llm' || key !== 'api_key' || rest.length > 0) return undefined
  const provider = host.providers().find(name)
  // Only a built-in provider has a setup with variables. If a mistake in the block makes `setup` fail, the key stays in the config.
  const setup = await provider?.setup?.().catch(() => undefined)
  return setup?.variables && provider?.name
}
