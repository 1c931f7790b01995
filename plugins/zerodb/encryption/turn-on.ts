import { sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { ask } from '../sync/ask.ts'
import { changeState, dropKeys, localOf } from '../sync/local.ts'
import { forgetServer } from '../sync/set-up.ts'
import { newAccount, sealAccount } from './account.ts'
import type { Codec } from './codec.ts'
import { replaceKeyCheck } from './replace-key-check.ts'
import { sealAside } from './seal-aside.ts'
import { renewKeys } from './session-keys.ts'
import { codecOf } from './unlock.ts'

/**
 * Prepares a push by a device that has read everything up to revision `rev`: turns encryption on if the settings enable it, and continues
 * an unfinished encryption or rotation. Returns false if the device must read again before the push.
 */
export async function prepareAccount(access: Access, server: Server, rev: number): Promise<boolean> {
  if (!(await codecOf(server))) {
    if (!server.key) return dropUnusedKeys(access)
    if (!(await turnOn(server, rev))) return false
  }
  const codec = await codecOf(server)
  if (codec?.account.hasPlain && isFirstTime(access, 'encrypting', codec)) {
    await forgetServer(access)
    await access.write(async () => localOf(access.connection).setState('encrypting', codec.check))
    return false
  }
  if (codec?.account.old && isFirstTime(access, 'rotating', codec)) await renewAll(access, codec)
  return true
}

/** True if this device has not started this step yet for the current `key_check`. */
const isFirstTime = ({ connection }: Access, state: string, { check }: Codec) => localOf(connection).state(state) !== check

/** Removes the keys of sessions, which belong to another account: an account without encryption must not get them. */
async function dropUnusedKeys({ connection, write }: Access): Promise<true> {
  const local = localOf(connection)
  if (local.keyRegisters().length > 0) await write(async () => changeState(local, (state) => dropKeys(local, state)))
  return true
}

const renewAll = ({ connection, write }: Access, { check }: Codec) =>
  write(async () => {
    const local = localOf(connection)
    renewKeys(local)
    local.setState('rotating', check)
  })

/** Turns encryption on for the account. Returns false if another device has changed the account since revision `rev`. */
async function turnOn(server: Server, rev: number): Promise<boolean> {
  const [master] = (await server.key?.masters()) ?? []
  return master !== undefined && replaceKeyCheck(server, master, null, sealAccount(master, server.user, newAccount(rev > 0)), rev)
}

/** Finishes an encryption or a rotation after all rows were pushed. Warns about rows that stay unencrypted because they cannot be read. */
export async function finishAccount({ connection }: Access, server: Server, warn: (text: string) => void): Promise<void> {
  const codec = await codecOf(server)
  if (!codec || !isUnfinished(codec)) return
  if (codec.account.hasPlain) await sealAside(connection, server, codec)
  const [left] = await ask(server, sql<{ plain: number; old: number }>`select ${plainRows} as plain, ${oldKeys(codec)} as old`)
  const account = { ...codec.account }
  if (left?.plain === 0) account.hasPlain = false
  else warn(`${left?.plain} rows on the server are not encrypted, because they cannot be read`)
  if (left?.old === 0) delete account.old
  if (account.hasPlain !== codec.account.hasPlain || account.old !== codec.account.old)
    await replaceKeyCheck(server, codec.master, codec.check, sealAccount(codec.master, server.user, account))
}

/** True while rows or keys must be encrypted again and sent. */
export const isUnfinished = ({ account }: Codec) => account.hasPlain || account.old !== undefined

/** The state of the encryption of an account, as `zerodb status` shows it. */
export type Encryption = 'none' | 'unfinished' | 'complete'

/** Returns the state of the encryption of an account. An account without encryption has no codec. */
export const encryptionOf = (codec: Codec | undefined): Encryption =>
  codec === undefined ? 'none' : isUnfinished(codec) ? 'unfinished' : 'complete'

/** SQL for the number of rows that are not encrypted. */
const plainRows = sql`(
  select count(*) from zerodb.session s where s.owner = zerodb.me()
    and exists (select from jsonb_each(s.registers) r where not starts_with(coalesce(r.value->>'v', ''), '~'))
) + (select count(*) from zerodb.message m where m.owner = zerodb.me() and not starts_with(coalesce(m.body, ''), '~'))`

/** SQL for the number of sessions with keys that another master key sealed. */
const oldKeys = ({ master }: Codec) => sql`(
  select count(*) from zerodb.session s where s.owner = zerodb.me() and exists (
    select from jsonb_each(s.registers) r where starts_with(r.key, 'key:') and split_part(r.value->>'v', ':', 2) <> ${master.key.id}))`
