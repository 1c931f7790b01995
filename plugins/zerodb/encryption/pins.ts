import { oneLine, Problem } from 'ainative-code'
import type { Access } from '../../sqlite/index.ts'
import { localOf } from '../sync/local.ts'
import { fingerprintOf, isPublicKey } from './identity.ts'

/** The public key of a person, as this device knows it. */
export type Pin = 'new' | 'known' | 'changed'

/** The public key of a person that this device trusts. `account` is the own account: names of persons are those of one server. */
export const pinned = ({ connection }: Access, account: string, name: string): string | undefined =>
  localOf(connection).state(pinName(account, name))

/** Compares a public key that the server has for a person with the one that this device saw first. */
export function pinOf(access: Access, account: string, name: string, publicKey: string): Pin {
  const known = pinned(access, account, name)
  if (known === undefined) return 'new'
  return known === publicKey ? 'known' : 'changed'
}

/** Remembers the public key of a person, in place of an earlier one. Throws a Problem if it is not a public key. */
export async function pin({ connection, write }: Access, account: string, name: string, publicKey: string): Promise<void> {
  if (!isPublicKey(publicKey)) throw new Problem('key', `the server has an invalid public key for ${name}`)
  await write(async () => void localOf(connection).setState(pinName(account, name), publicKey))
}

/**
 * Remembers the public key of a person at its first use. Returns true then, false if this device knows the key. Throws a Problem for a key
 * that has changed: the server could have put in its own.
 */
export async function requirePin(access: Access, account: string, name: string, publicKey: string): Promise<boolean> {
  const state = pinOf(access, account, name, publicKey)
  if (state === 'changed') throw keyChanged(name, publicKey)
  if (state === 'new') await pin(access, account, name, publicKey)
  return state === 'new'
}

/** The Problem of a person whose public key is not the one that this device trusts. */
export function keyChanged(person: string, publicKey: string): Problem {
  const name = oneLine(person)
  return new Problem('key', `the public key of ${name} has changed: its fingerprint is now ${fingerprintOf(publicKey)}`, {
    hint: `compare it with ${name}, then ainative-code zerodb key fingerprint ${name} --accept`,
  })
}

/** The note for a person whose public key this device sees for the first time. */
export const newKeyText = (person: string, publicKey: string) =>
  `the public key of ${oneLine(person)} is new on this device; compare its fingerprint with ${oneLine(person)}: ${fingerprintOf(publicKey)}`

const pinName = (account: string, name: string) => `pin ${account} ${name}`
