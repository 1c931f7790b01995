import { sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { ask } from '../sync/ask.ts'
import { changeState, dropKeys, localOf } from '../sync/local.ts'
import { forgetServer } from '../sync/set-up.ts'
import { newAccount, sealAccount } from './account.ts'
import type { Codec } from './codec.ts'
import { sealAside } from './seal-aside.ts'
import { renewKeys } from './session-keys.ts'
import { setCheck } from './set-check.ts'
import { codecOf } from './unlock.ts'

/**
 * Prepares the push of a device that has read everything up to revision `rev`: turns encryption on where the settings want it, and
 * continues what is unfinished. Returns false if the device has to read again first.
 */
export async function prepareAccount(access: Access, server: Server, rev: number): Promise<boolean> {
  if (!(await codecOf(server))) {
    if (!server.key) return withoutKeys(access)
    if (!(await turnOn(server, rev))) return false
  }
  const codec = await codecOf(server)
  if (codec?.account.hasPlain && startsNow(access, 'encrypting', codec)) {
    await forgetServer(access)
    await access.write(async () => localOf(access.connection).setState('encrypting', codec.check))
    return false
  }
  if (codec?.account.old && startsNow(access, 'rotating', codec)) await renewAll(access, codec)
  return true
}

/** True if this device has not begun this part of the work yet. */
const startsNow = ({ connection }: Access, state: string, { check }: Codec) => localOf(connection).state(state) !== check

/** Keys of another account, or of one that is gone, do not go to a server without encryption. */
async function withoutKeys({ connection, write }: Access): Promise<true> {
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

/** Gives the account its key, if no device has changed it since revision `rev`. Returns false if one has. */
async function turnOn(server: Server, rev: number): Promise<boolean> {
  const [master] = (await server.key?.masters()) ?? []
  return master !== undefined && setCheck(server, master, null, sealAccount(master, server.user, newAccount(rev > 0)), rev)
}

/** Ends the work on an account whose rows all went through a push. Warns of rows that no device could read, and so none could encrypt. */
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
    await setCheck(server, codec.master, codec.check, sealAccount(codec.master, server.user, account))
}

/** True while rows or keys have to be sent again. */
export const isUnfinished = ({ account }: Codec) => account.hasPlain || account.old !== undefined

/** The state of an account, as `zerodb status` shows it. */
export type Encryption = 'none' | 'unfinished' | 'complete'

/** Returns the state of an account. */
export const encryptionOf = (codec: Codec | undefined): Encryption =>
  codec === undefined ? 'none' : isUnfinished(codec) ? 'unfinished' : 'complete'

/** The number of rows that are not encrypted. */
const plainRows = sql`(
  select count(*) from zerodb.session s where s.owner = zerodb.me()
    and exists (select from jsonb_each(s.registers) r where not starts_with(coalesce(r.value->>'v', ''), '~'))
) + (select count(*) from zerodb.message m where m.owner = zerodb.me() and not starts_with(coalesce(m.body, ''), '~'))`

/** The number of sessions whose keys are sealed with another key than the current one. */
const oldKeys = ({ master }: Codec) => sql`(
  select count(*) from zerodb.session s where s.owner = zerodb.me() and exists (
    select from jsonb_each(s.registers) r where starts_with(r.key, 'key:') and split_part(r.value->>'v', ':', 2) <> ${master.key.id}))`
