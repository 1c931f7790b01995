import { Problem } from 'ainative-code'
import type { Access } from '../../sqlite/index.ts'
import { localOf } from '../sync/local.ts'
import { fingerprintOf } from './identity.ts'

/** The public key of a person, as this device knows it. */
export type Pin = 'new' | 'known' | 'changed'

/** Compares a public key that the server has for a person with the one that this device saw first. */
export function pinOf({ connection }: Access, name: string, publicKey: string): Pin {
  const known = localOf(connection).state(pinName(connection, name))
  if (known === undefined) return 'new'
  return known === publicKey ? 'known' : 'changed'
}

/** Remembers the public key of a person, in place of an earlier one. */
export const pin = async ({ connection, write }: Access, name: string, publicKey: string): Promise<void> =>
  write(async () => void localOf(connection).setState(pinName(connection, name), publicKey))

/** Remembers the public key of a person at its first use. Throws a Problem for a key that changed since: the server could have put in its own. */
export async function requirePin(access: Access, name: string, publicKey: string): Promise<void> {
  const state = pinOf(access, name, publicKey)
  if (state === 'new') await pin(access, name, publicKey)
  if (state !== 'changed') return
  throw new Problem('key', `the public key of ${name} has changed: its fingerprint is now ${fingerprintOf(publicKey)}`, {
    hint: `compare it with ${name}, then ainative-code zerodb key fingerprint ${name} --accept`,
  })
}

/** Names are those of one server, so pins belong to the account. */
const pinName = (connection: Access['connection'], name: string) => `pin ${localOf(connection).state('account') ?? ''} ${name}`
