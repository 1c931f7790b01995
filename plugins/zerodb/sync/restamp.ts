import type { Connection } from '../../sqlite/index.ts'
import { localOf, writeMessage, writeRegister } from './local.ts'
import type { State } from './state.ts'

interface UnsentChange {
  kind: 'r' | 'm'
  session: string
  key: string
  value: string | null
  stamp: string
}

/**
 * Gives new stamps to all unsent changes with a stamp after `limit`, in the same order. A message whose place is also after `limit` gets a
 * new place. With an empty `limit`, all messages keep their places.
 */
export function restamp(connection: Connection, state: State, limit: string, newStamp: (stamp: string) => string): void {
  const local = localOf(connection)
  const rows = connection
    .prepare(
      `select 'r' as kind, session, key, value, stamp from sync_registers where stamp > @limit and sent is not stamp
       union all select 'm', session, key, null, stamp from sync_messages where stamp > @limit and sent is not stamp order by stamp`,
    )
    .all({ limit }) as UnsentChange[]
  for (const { kind, session, key, value, stamp: old } of rows) {
    const stamp = newStamp(old)
    const message = kind === 'm' ? local.messageState(session, key) : undefined
    if (message) writeMessage(local, state, { ...message, stamp, place: limit && message.place > limit ? stamp : message.place })
    else writeRegister(local, state, session, key, { value, stamp })
  }
}
