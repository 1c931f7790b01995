import { isLocalOnly, LOCAL_ONLY, type Session, stringifyJson } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { localOf } from './local.ts'
import { createMessageWriter } from './message-writer.ts'
import { renumber } from './renumber.ts'
import { emptySession, sessionInserter, sessionUpdater } from './session-statements.ts'

/** Writes sessions and messages of the server to the tables of the store. */
export type Writer = ReturnType<typeof createWriter>

/** Prepares the writes to the tables of the store. */
export function createWriter(connection: Connection) {
  const find = connection.prepare('select pk from sessions where id = ? and staged is null').pluck()
  const addSession = sessionInserter(connection)
  const updateSession = sessionUpdater(connection)
  /** The row of a session, made at first use: a message may arrive before its session. */
  const sessionPk = (id: string): number => (find.get(id) as number | undefined) ?? addSession(emptySession(id))
  const { numbered, ...messages } = createMessageWriter(connection, sessionPk)
  return {
    ...messages,
    /** Makes the copy of this device local-only. */
    keep: (id: string) => keepCopy(connection, id),
    session(id: string, session: Session | undefined): void {
      const pk = find.get(id) as number | undefined
      messages.forget()
      if (session && pk === undefined) addSession(session)
      else if (session) updateSession(pk as number, session)
      else if (pk !== undefined) removeSession(connection, pk)
    },
    /** True if the store has a row of the session. */
    has: (id: string) => find.get(id) !== undefined,
    /** Numbers the messages of a session by their places, and counts them. */
    renumber: (id: string) => renumber(localOf(connection), sessionPk(id), numbered(id)),
  }
}

function removeSession(connection: Connection, pk: number): void {
  connection.prepare('delete from messages where session = ?').run(pk)
  connection.prepare('delete from sessions where pk = ?').run(pk)
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
