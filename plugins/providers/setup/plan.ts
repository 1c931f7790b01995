import { type Provider, type ProviderSetup, usage } from 'ainative-code'

/** The changes to the config for a provider. */
export interface Plan {
  provider: Provider
  settings: Record<string, string>
  makesDefault: boolean
}

/** Reads the setup of a shipped provider; throws for a provider of a plugin, which has its own settings. */
export async function setupOf({ name, setup }: Provider): Promise<ProviderSetup> {
  const found = await setup?.()
  if (found?.page) return found
  throw usage(`the provider ${name} has no settings to ask for`, `ainative-code provider test ${name} sends a request`)
}

/** Checks that a header can carry the key: one word of ASCII characters. */
export function checkedKey(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw usage(key === '' ? 'the key is empty' : 'the key contains white space or a character that no key has', 'copy the key again')
}
