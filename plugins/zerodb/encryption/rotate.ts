import type { Server } from '../server/connect.ts'
import { sealAccount } from './account.ts'
import type { Codec } from './codec.ts'
import type { Master } from './master.ts'
import { replaceKeyCheck } from './replace-key-check.ts'

/**
 * Replaces the master key of the account. `key_check` keeps the old key, sealed with the new key, until all keys of sessions are sealed
 * again, so that any device with the new words can finish the rotation. Returns false if another device changed the account first.
 */
export const startRotation = (server: Server, { account, check, master }: Codec, next: Master): Promise<boolean> =>
  replaceKeyCheck(server, next, check, sealAccount(next, server.user, { ...account, old: master.key }))
