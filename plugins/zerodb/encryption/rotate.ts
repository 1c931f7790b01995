import type { Server } from '../server/connect.ts'
import { sealAccount } from './account.ts'
import type { Codec } from './codec.ts'
import type { Master } from './master.ts'
import { setCheck } from './set-check.ts'

/**
 * Gives the account a new master key. The old one, sealed with the new one, stays beside it until all keys of sessions are sealed anew, so
 * that every device with the new words can continue. Returns false if another device has changed the account meanwhile.
 */
export const startRotation = (server: Server, { account, check, master }: Codec, next: Master): Promise<boolean> =>
  setCheck(server, next, check, sealAccount(next, server.user, { ...account, old: master.key }))
