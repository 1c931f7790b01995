import { oneLine, Problem } from 'ainative-code'
import type { Access } from '../../sqlite/index.ts'
import { localOf } from '../sync/local.ts'
import { fingerprintOf, isPublicKey } from './identity.ts'

/** How a public key on the server compares with the key that this device trusts. */
export type PinState = 'new' | 'known' | 'changed'

/** Returns the trusted public key of a person. `account` is the account of the user, because each server has its own names of people. */
export const pinnedKey = ({ connection }: Access, account: string, name: string): string | undefined =>
  localOf(connection).state(pinName(account, name))

/** Compares a public key that the server has for a person with the key that this device trusts. */
export function pinState(access: Access, account: string, name: string, publicKey: string): PinState {
  const known = pinnedKey(access, account, name)
  if (known === undefined) return 'new'
  return known === publicKey ? 'known' : 'changed'
}

/** Trusts a public key of a person from now on, in place of an earlier key. Throws a Problem if the key is invalid. */
export async function pin({ connection, write }: Access, account: string, name: string, publicKey: string): Promise<void> {
  if (!isPublicKey(publicKey)) throw new Problem('key', `the server has an invalid public key for ${name}`)
  await write(async () => void localOf(connection).setState(pinName(account, name), publicKey))
}

/**
 * Checks a public key of a person, and trusts the key at its first use. Returns true at the first use, false for a known key. Throws a
 * Problem for a changed key, because the server may have replaced it.
 */
export async function requirePin(access: Access, account: string, name: string, publicKey: string): Promise<boolean> {
  const state = pinState(access, account, name, publicKey)
  if (state === 'changed') throw keyChanged(name, publicKey)
  if (state === 'new') await pin(access, account, name, publicKey)
  return state === 'new'
}

/** The Problem for a public key that differs from the key that this device trusts. */
export function keyChanged(person: string, publicKey: string): Problem {
  const name = oneLine(person)
  return new Problem('key', `the public key of ${name} has changed: its fingerprint is now ${fingerprintOf(publicKey)}`, {
    hint: `compare it with ${name}, then ainative-code zerodb key fingerprint ${name} --accept`,
  })
}

/** The note about a public key that this device sees for the first time. */
export const newKeyText = (person: string, publicKey: string) =>
  `the public key of ${oneLine(person)} is new on this device; compare its fingerprint with ${oneLine(person)}: ${fingerprintOf(publicKey)}`

const pinName = (account: string, name: string) => `pin ${account} ${name}`
