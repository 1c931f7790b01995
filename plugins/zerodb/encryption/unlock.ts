import { messageOf, Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from '../server/connect.ts'
import { ask } from '../sync/ask.ts'
import { type Codec, createCodec } from './codec.ts'
import type { Master } from './master.ts'
import { keyIdOf } from './seal.ts'

interface Unlocked {
  check: string | null
  codec: Codec | undefined
}

/** The codec of each connection, and the `key_check` that it belongs to. */
const unlocked = new WeakMap<Server, Unlocked>()

/** SQL for `key_check` of the account, for use in other statements. */
export const KEY_CHECK = sql<string | null>`(select f.key_check from zerodb.feed f where f.owner = zerodb.me())`

/**
 * Returns the codec for an account with this `key_check`; undefined if the account is not encrypted. Throws a Problem if this device has
 * no key or a key of other words, or if its encryption is off.
 */
export async function codecFor(server: Server, check: string | null): Promise<Codec | undefined> {
  const known = unlocked.get(server)
  if (known?.check === check) return known.codec
  const codec = await unlock(server, check)
  unlocked.set(server, { check, codec })
  return codec
}

/** Returns the codec of the account. Reads `key_check` from the server only if this connection has not read it yet. */
export async function codecOf(server: Server): Promise<Codec | undefined> {
  const known = unlocked.get(server)
  if (known) return known.codec
  const [row] = await ask(server, sql<{ check: string | null }>`select ${KEY_CHECK} as check`)
  return codecFor(server, row?.check ?? null)
}

async function unlock({ key, user }: Server, check: string | null): Promise<Codec | undefined> {
  if (!key) {
    if (check === null) return undefined
    throw new Problem('key', `the account ${user} is encrypted, but encryption is off on this device: nothing was read or sent`, {
      hint: 'ainative-code config set services.zerodb.encryption true',
    })
  }
  const masters = await key.masters()
  if (masters.length === 0) throw noKey(user, check)
  if (check === null) return undefined
  const master = masters.find((each) => each.key.id === idOf(check))
  if (!master) throw otherKey(user)
  const codec = open(master, user, check)
  // The rotation has reached the server, so the old words are obsolete. Before, a rotating process needs both.
  if (master !== masters[0]) await key.keepOnly(master)
  return codec
}

function open(master: Master, user: string, check: string): Codec {
  try {
    return createCodec(master, user, check)
  } catch (error) {
    throw new Problem('key', `the key-check value of the account ${user} is damaged: ${messageOf(error)}`, {
      hint: 'restore the table zerodb.feed from a backup of the server',
      cause: error,
    })
  }
}

function idOf(check: string): string {
  try {
    return keyIdOf(check)
  } catch (error) {
    throw new Problem('key', `the key-check value of the account cannot be read: ${messageOf(error)}`, {
      hint: 'install the newest version of ainative-code',
      cause: error,
    })
  }
}

const noKey = (user: string, check: string | null) =>
  check === null
    ? new Problem('key', 'services.zerodb.encryption is true, but this device has no key', { hint: 'ainative-code zerodb key new' })
    : new Problem('key', `the account ${user} is encrypted, but this device has no key: nothing was read or sent`, {
        hint: 'ainative-code zerodb key enter asks for the 24 words; zerodb key show prints them on a device that has them',
      })

const otherKey = (user: string) =>
  new Problem('key', `the account ${user} is encrypted with other words than those of this device: nothing was read or sent`, {
    hint: 'ainative-code zerodb key enter asks for the 24 words; zerodb key show prints them on a device that syncs. zerodb key rotate changes them',
  })
