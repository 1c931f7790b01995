import { type Provider, type ProviderSetup, usage } from 'ainative-code'

/** What is written for a provider: its settings, and whether it becomes the default. */
export interface Plan {
  provider: Provider
  settings: Record<string, string>
  makesDefault: boolean
}

/** The setup of a shipped provider; a provider of a plugin brings its own settings. */
export async function setupOf({ name, setup }: Provider): Promise<ProviderSetup> {
  const found = await setup?.()
  if (found?.page) return found
  throw usage(`the provider ${name} has no settings to ask for`, `ainative-code provider test ${name} makes a call to it`)
}

/** A key as a header takes it: one word of plain characters. */
export function checkedKey(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw usage(key === '' ? 'the key is empty' : 'the key holds a blank or a character that no key has', 'copy the key again')
}
