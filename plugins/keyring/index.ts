import { definePlugin, type Host } from 'ainative-code'
import type * as z from 'zod'
import type { Keyring } from './keyring.ts'
import type { StoredSecrets } from './stored-secrets.ts'

export type { Keyring } from './keyring.ts'
export type { StoredSecret } from './stored-secrets.ts'

/** Opens the keyring of the account, without a test. Throws a Problem with the reason if there is no keyring. */
export const openKeyring = async (host: Host, signal?: AbortSignal): Promise<Keyring> =>
  (await import('./keyring.ts')).openKeyring(host, signal)

/** Opens the keyring and tests it: writes, reads and deletes an entry. Returns the reason as a text if the keyring does not work. */
export const testedKeyring = async (host: Host, signal: AbortSignal): Promise<Keyring | string> =>
  (await import('./tested-keyring.ts')).testedKeyring(host, signal)

/** Opens secrets of one kind, which are in the keyring, or else in this file. */
export const storedSecrets = async <S extends z.ZodType>(host: Host, file: string, schema: S): Promise<StoredSecrets<z.output<S>>> =>
  (await import('./stored-secrets.ts')).storedSecrets(host, file, schema)

/** Stores secrets in the keyring of the operating system, for other plugins. */
export default definePlugin({
  name: 'keyring',
  apply({ hooks }) {
    // Runs in a separate process, because the addon waits for a locked keyring without a limit, and a process in this wait cannot exit.
    hooks.tasks.tap('keyring', ({ add }) => add({ name: 'keyring', load: async () => (await import('./entries.ts')).answer }))
  },
})
