import type { Session } from 'ainative-code'
import { type Connection, storeText, toSessionRow } from '../../sqlite/index.ts'

/** A session without values. */
export function emptySession(id: string): Session {
  const now = new Date(0).toISOString()
  return {
    id,
    title: '',
    status: 'active',
    provider: null,
    model: null,
    tags: [],
    metadata: {},
    message_count: 0,
    created_at: now,
    updated_at: now,
  }
}

/** Prepares the insert of a session with its tags. The function returns the `pk`. */
export function sessionInserter(connection: Connection): (session: Session) => number {
  const names = Object.keys(toSessionRow(emptySession('')))
  const insert = connection.prepare(`insert into sessions (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
  const addTags = tagInserter(connection)
  return (session) => {
    const row = toSessionRow(session)
    const pk = Number(insert.run(...Object.values(row)).lastInsertRowid)
    addTags(pk, session, row.created_at)
    return pk
  }
}

function tagInserter(connection: Connection) {
  const tag = connection.prepare('insert or ignore into session_tags (tag, created_at, session) values (?, ?, ?)')
  return (pk: number, { tags }: Session, created: number) => {
    for (const each of tags) tag.run(storeText(each), created, pk)
  }
}

/** The columns that a sync updates. */
const columnsOf = ({ activated_at: _, id: __, ...row }: ReturnType<typeof toSessionRow>) => row

/** Prepares the update of a session's fields and tags. */
export function sessionUpdater(connection: Connection): (pk: number, session: Session) => void {
  const names = Object.keys(columnsOf(toSessionRow(emptySession(''))))
  const update = connection.prepare(`update sessions set ${names.map((name) => `${name} = ?`).join(', ')} where pk = ?`)
  const untag = connection.prepare('delete from session_tags where session = ?')
  const addTags = tagInserter(connection)
  return (pk, session) => {
    const row = columnsOf(toSessionRow(session))
    update.run(...Object.values(row), pk)
    untag.run(pk)
    addTags(pk, session, row.created_at)
  }
}
