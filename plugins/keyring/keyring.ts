import fs from 'node:fs'
import path from 'node:path'
import type { AsyncEntry } from '@napi-rs/keyring'
import { codeOf, type Host, messageOf, ownRequire, Problem } from 'ainative-code'

const SERVICE = 'ainative-code'

/** The keyring of the operating system: one secret for each name. Each function throws a Problem if the keyring fails. */
export interface Keyring {
  get(name: string): Promise<string | undefined>
  set(name: string, secret: string): Promise<void>
  /** Returns false if there was no such entry. */
  remove(name: string): Promise<boolean>
}

/** Opens the keyring. Throws a Problem with the reason if there is none. */
export function openKeyring({ env }: Pick<Host, 'env'>): Keyring {
  const reason = missingPart(env)
  if (reason) throw keyringProblem(reason)
  const Entry = loadEntry()
  const call = async <T>(name: string, work: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    try {
      // By default, a secret would go to the keys of the Linux kernel where there is no other keyring, and be lost at the next boot.
      return await work(new Entry(SERVICE, name, { linux: { store: 'secret-service' } }))
    } catch (error) {
      throw keyringProblem(messageOf(error))
    }
  }
  return {
    get: (name) => call(name, async (entry) => (await entry.getPassword()) ?? undefined),
    set: (name, secret) => call(name, (entry) => entry.setPassword(secret)),
    remove: (name) => call(name, (entry) => entry.deletePassword()),
  }
}

const keyringProblem = (reason: string) =>
  new Problem('keyring', `the keyring does not work: ${reason}`, {
    hint: 'unlock the keyring of your desktop, or set AINATIVE_NO_KEYRING=1 to use files',
  })

/** The reason why there can be no keyring, known without loading the addon. */
function missingPart(env: NodeJS.ProcessEnv): string | undefined {
  if (env.AINATIVE_NO_KEYRING) return 'AINATIVE_NO_KEYRING is set'
  if (process.platform !== 'linux' || env.DBUS_SESSION_BUS_ADDRESS) return undefined
  const folder = env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.()}`
  return fs.existsSync(path.join(folder, 'bus')) ? undefined : 'there is no desktop session (D-Bus)'
}

function loadEntry(): typeof AsyncEntry {
  try {
    return ownRequire()('@napi-rs/keyring').AsyncEntry
  } catch (error) {
    // The message of the package's loader is a page long.
    const isMissing = codeOf(error) === 'MODULE_NOT_FOUND'
    throw keyringProblem(`the package @napi-rs/keyring ${isMissing ? 'is not installed' : 'has no addon for this system'}`)
  }
}
