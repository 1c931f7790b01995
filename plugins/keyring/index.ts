import { definePlugin, type Host } from 'ainative-code'
import type { Keyring } from './keyring.ts'

export type { Keyring } from './keyring.ts'

/** Opens the keyring of the account, without a test. Throws a Problem with the reason where there is none. */
export const openKeyring = async (host: Host): Promise<Keyring> => (await import('./keyring.ts')).openKeyring(host)

/** Opens the keyring and tests it: writes, reads and deletes an entry. Returns the reason as a text where it does not work. */
export const testedKeyring = async (host: Host, signal: AbortSignal): Promise<Keyring | string> =>
  (await import('./tested-keyring.ts')).testedKeyring(host, signal)

/** Stores secrets in the keyring of the operating system, for other plugins. */
export default definePlugin({
  name: 'keyring',
  apply() {
    // The other plugins call the functions above.
  },
})
