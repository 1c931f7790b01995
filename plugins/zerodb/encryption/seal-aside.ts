import type { Connection } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { localOf } from '../sync/local.ts'
import { sendBatch } from '../sync/push.ts'
import type { MessageRow, SentMessage } from '../sync/rows.ts'
import type { Codec } from './codec.ts'
import { isSealed } from './seal.ts'
import { currentKey } from './session-keys.ts'

/** Encrypts the messages on the server that this device could not apply. Their bodies stay as they are. */
export async function sealAside(connection: Connection, server: Server, codec: Codec): Promise<void> {
  const local = localOf(connection)
  const rows = connection.prepare("select row from sync_aside where kind = 'm'").pluck().all() as string[]
  const messages = rows.flatMap((text): SentMessage[] => {
    const { session, key: id, place, stamp, body } = JSON.parse(text) as MessageRow
    const key = currentKey(local.registers(session), codec.master.key.id)
    return key && !isSealed(body) ? [codec.sealMessage({ session, id, place, stamp, body }, key)] : []
  })
  if (messages.length > 0) await sendBatch(server, { sessions: [], messages }, codec.check)
}
