import { isLocalOnly, LOCAL_ONLY, type Message, type NewMessage, type Session, stringifyJson } from 'ainative-code'
import { type Connection, fromMessageValues, MESSAGE_COLUMNS, type MessageValues, messageValues, storeText } from '../../sqlite/index.ts'
import { localOf } from './local.ts'
import { renumber } from './renumber.ts'
import { emptySession, sessionInserter, sessionUpdater } from './session-statements.ts'

/** Writes sessions and messages of the server to the tables of the store. */
export type Writer = ReturnType<typeof createWriter>

interface Stored {
  pk: number
  message: Message
}

/** The message that the store gives for the values that were written. */
const stored = (pk: number, values: ReturnType<typeof messageValues>): Stored => ({
  pk,
  message: fromMessageValues(values as MessageValues),
})

/** Prepares the writes to the tables of the store. */
export function createWriter(connection: Connection) {
  const find = connection.prepare('select pk from sessions where id = ? and staged is null').pluck()
  const remove = connection.prepare('delete from messages where pk = ?')
  const addSession = sessionInserter(connection)
  const updateSession = sessionUpdater(connection)
  /** The row of a session, made at first use: a message may arrive before its session. */
  const sessionPk = (id: string): number => (find.get(id) as number | undefined) ?? addSession(emptySession(id))
  const { append, update, forget } = messageWriter(connection, sessionPk)
  return {
    /** Writes, replaces or removes a message. Returns what the store holds; undefined if it is gone. */
    message(session: string, pk: number | undefined, message: NewMessage | undefined): Stored | undefined {
      if (message) return pk === undefined ? append(session, message) : update(sessionPk(session), pk, message)
      if (pk !== undefined) remove.run(pk)
      return undefined
    },
    remove: (pk: number) => void remove.run(pk),
    /** Makes the copy of this device local-only. */
    keep: (id: string) => keepCopy(connection, id),
    /** Adds a message to the end of a session, unless the session has a message with this id. Returns true if the message was added. */
    append(session: string, message: NewMessage): boolean {
      const owner = sessionPk(session)
      if (connection.prepare('select 1 from messages where session = ? and id = ?').get(owner, storeText(message.id))) return false
      append(session, message)
      connection.prepare('update sessions set message_count = message_count + 1 where pk = ?').run(owner)
      return true
    },
    session(id: string, session: Session | undefined): void {
      const pk = find.get(id) as number | undefined
      forget()
      if (session && pk === undefined) addSession(session)
      else if (session) updateSession(pk as number, session)
      else if (pk !== undefined) removeSession(connection, pk)
    },
    /** True if the store has a row of the session. */
    has: (id: string) => find.get(id) !== undefined,
    /** Forgets what the writer knows of the store, when a savepoint was rolled back. */
    forget,
    renumber: (id: string) => renumber(localOf(connection), sessionPk(id)),
  }
}

function removeSession(connection: Connection, pk: number): void {
  connection.prepare('delete from messages where session = ?').run(pk)
  connection.prepare('delete from sessions where pk = ?').run(pk)
}

/** Prepares the writes of messages. Both return what the store holds then. */
function messageWriter(connection: Connection, sessionPk: (id: string) => number) {
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

function keepCopy(connection: Connection, id: string): void {
  const local = localOf(connection)
  const pk = local.pkOf(id)?.pk
  const session = pk === undefined ? undefined : local.session(pk)
  if (!session || isLocalOnly(session.metadata)) return
  const metadata = stringifyJson({ ...session.metadata, ...LOCAL_ONLY })
  connection.prepare('update sessions set metadata = ?, local_only = 1 where pk = ?').run(metadata, pk)
  // The session is withdrawn already: the entry of the trigger would withdraw it again.
  connection.prepare("delete from sync_touched where kind = 'l' and pk = ?").run(pk)
}
