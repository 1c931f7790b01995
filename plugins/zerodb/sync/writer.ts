import { isLocalOnly, LOCAL_ONLY, type NewMessage, type Session, stringifyJson } from 'ainative-code'
import { type Connection, MESSAGE_COLUMNS, messageValues, storeText } from '../../sqlite/index.ts'
import { localOf } from './local.ts'
import { renumber } from './renumber.ts'
import { sessionInserter, sessionUpdater } from './session-statements.ts'

/** Writes sessions and messages of the server to the tables of the store. */
export type Writer = ReturnType<typeof createWriter>

/** Creates a writer, with prepared statements. */
export function createWriter(connection: Connection) {
  const marks = (count: number) => Array(count).fill('?').join(', ')
  const find = connection.prepare('select pk from sessions where id = ? and staged is null').pluck()
  const insert = connection.prepare(`insert into messages (${MESSAGE_COLUMNS.join(', ')}) values (${marks(MESSAGE_COLUMNS.length)})`)
  const update = connection.prepare(`update messages set ${MESSAGE_COLUMNS.map((name) => `${name} = ?`).join(', ')} where pk = ?`)
  const remove = connection.prepare('delete from messages where pk = ?')
  const last = connection.prepare('select coalesce(max(seq), 0) from messages where session = ?').pluck()
  const seqOf = connection.prepare('select seq from messages where pk = ?').pluck()
  const addSession = sessionInserter(connection)
  const updateSession = sessionUpdater(connection)
  const removeSession = (pk: number) => {
    connection.prepare('delete from messages where session = ?').run(pk)
    connection.prepare('delete from sessions where pk = ?').run(pk)
  }
  /** Returns the `pk` of a session. Creates a missing row, because a message may arrive before its session. */
  const sessionPk = (id: string): number => (find.get(id) as number | undefined) ?? addSession(id)
  return {
    /** Writes, replaces or removes a message. Returns its `pk`, or null for a removed message. */
    message(session: string, pk: number | undefined, message: NewMessage | undefined): number | null {
      if (!message) {
        if (pk !== undefined) remove.run(pk)
        return null
      }
      const owner = sessionPk(session)
      if (pk !== undefined) {
        update.run(...messageValues(owner, seqOf.get(pk) as number, message), pk)
        return pk
      }
      return Number(insert.run(...messageValues(owner, (last.get(owner) as number) + 1, message)).lastInsertRowid)
    },
    remove: (pk: number) => void remove.run(pk),
    /** Makes the copy of this device local-only. */
    keep: (id: string) => keepCopy(connection, id),
    /** Adds a message to the end of a session, unless the session has a message with this id. Returns true if the message was added. */
    append(session: string, message: NewMessage): boolean {
      const owner = sessionPk(session)
      if (connection.prepare('select 1 from messages where session = ? and id = ?').get(owner, storeText(message.id))) return false
      insert.run(...messageValues(owner, (last.get(owner) as number) + 1, message))
      connection.prepare('update sessions set message_count = message_count + 1 where pk = ?').run(owner)
      return true
    },
    session(id: string, session: Session | undefined): void {
      const pk = find.get(id) as number | undefined
      if (session) updateSession(pk ?? sessionPk(id), session)
      else if (pk !== undefined) removeSession(pk)
    },
    renumber: (id: string) => renumber(connection, sessionPk(id)),
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
