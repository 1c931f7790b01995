import type { Message, NewMessage } from 'ainative-code'
import { type Connection, fromMessageValues, MESSAGE_COLUMNS, type MessageValues, messageValues, storeText } from '../../sqlite/index.ts'

/** A message as the store gives it, with the `pk` of its row. */
interface Stored {
  pk: number
  message: Message
}

/** Prepares the writes of messages to the store. `sessionPk` gives the row of a session, and makes it at first use. */
export function createMessageWriter(connection: Connection, sessionPk: (id: string) => number) {
  const removeRow = connection.prepare('delete from messages where pk = ?')
  const { append, update, forget } = rowWriter(connection, sessionPk)
  const order = createOrder()
  const remove = (pk: number) => {
    order.forget()
    removeRow.run(pk)
  }
  return {
    /** Writes, replaces or removes a message. Returns what the store holds; undefined if it is gone. */
    message(session: string, pk: number | undefined, message: NewMessage | undefined, place: string): Stored | undefined {
      if (message && pk === undefined) return order.add(session, append(session, message), place)
      order.forget()
      if (message) return update(sessionPk(session), pk as number, message)
      if (pk !== undefined) remove(pk)
      return undefined
    },
    remove,
    /** Adds a message to the end of a session, unless the session has a message with this id. Returns true if the message was added. */
    append(session: string, message: NewMessage): boolean {
      const owner = sessionPk(session)
      if (connection.prepare('select 1 from messages where session = ? and id = ?').get(owner, storeText(message.id))) return false
      order.forget()
      append(session, message)
      connection.prepare('update sessions set message_count = message_count + 1 where pk = ?').run(owner)
      return true
    },
    /** Forgets what is known of the store. */
    forget() {
      forget()
      order.forget()
    },
    /** The number of messages of a session that were all added in the order of their places, so that they have their numbers. */
    numbered: order.countOf,
  }
}

/** Notes the sessions whose messages were all added in the order of their places. */
function createOrder() {
  const ends = new Map<string, { seq: number; place: string }>()
  return {
    add(session: string, stored: Stored, place: string): Stored {
      const end = ends.get(session) ?? { seq: 0, place: '' }
      const { seq } = stored.message
      if (seq === end.seq + 1 && place > end.place) ends.set(session, { seq, place })
      else ends.delete(session)
      return stored
    },
    countOf: (session: string) => ends.get(session)?.seq,
    forget: () => ends.clear(),
  }
}

/** The message that the store gives for the values that were written. */
const stored = (pk: number, values: ReturnType<typeof messageValues>): Stored => ({
  pk,
  message: fromMessageValues(values as MessageValues),
})

/** Prepares the writes of rows. Both return what the store holds then. */
function rowWriter(connection: Connection, sessionPk: (id: string) => number) {
  const marks = (count: number) => Array(count).fill('?').join(', ')
  const insert = connection.prepare(`insert into messages (${MESSAGE_COLUMNS.join(', ')}) values (${marks(MESSAGE_COLUMNS.length)})`)
  const replace = connection.prepare(`update messages set ${MESSAGE_COLUMNS.map((name) => `${name} = ?`).join(', ')} where pk = ?`)
  const seqOf = connection.prepare('select seq from messages where pk = ?').pluck()
  const last = connection.prepare('select coalesce(max(seq), 0) from messages where session = ?').pluck()
  /** The session of the last message that was added, and its last seq: the next message is often of the same session. */
  let end: { id: string; pk: number; seq: number } | undefined
  const endOf = (id: string) => {
    if (end?.id === id) return end
    const pk = sessionPk(id)
    end = { id, pk, seq: last.get(pk) as number }
    return end
  }
  return {
    /** Adds a message to the end of a session. */
    append(session: string, message: NewMessage): Stored {
      const place = endOf(session)
      const values = messageValues(place.pk, ++place.seq, message)
      return stored(Number(insert.run(...values).lastInsertRowid), values)
    },
    forget() {
      end = undefined
    },
    update(session: number, pk: number, message: NewMessage): Stored {
      const values = messageValues(session, seqOf.get(pk) as number, message)
      replace.run(...values, pk)
      return stored(pk, values)
    },
  }
}
