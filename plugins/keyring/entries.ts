import type { AsyncEntry } from '@napi-rs/keyring'
import { codeOf, type Host, ownRequire } from 'ainative-code'

const SERVICE = 'ainative-code'

/** A call of the keyring: the name of an entry, and the new secret for `set`. */
export interface Question {
  call: 'get' | 'set' | 'remove'
  name: string
  secret?: string
}

/** Answers a call of the keyring: the secret for `get`, null without an entry. Rejects if the keyring fails. */
export async function answer(_: Host, { call, name, secret = '' }: Question): Promise<string | null | undefined> {
  const Entry = loadEntry()
  // Without `store`, and without a Secret Service, the package would use the keys of the Linux kernel, which are lost at the next boot.
  const entry = new Entry(SERVICE, name, { linux: { store: 'secret-service' } })
  if (call === 'get') return entry.getPassword()
  if (call === 'set') await entry.setPassword(secret)
  else await entry.deletePassword()
  return undefined
}

function loadEntry(): typeof AsyncEntry {
  try {
    return ownRequire()('@napi-rs/keyring').AsyncEntry
  } catch (error) {
    // The message of the package's loader is too long to show.
    const isMissing = codeOf(error) === 'MODULE_NOT_FOUND'
    throw new Error(`the package @napi-rs/keyring ${isMissing ? 'is not installed' : 'has no addon for this system'}`)
  }
}
