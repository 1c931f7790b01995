import { type Connection, readText, type StoredText } from '../sqlite/index.ts'
import { isDamage, isWhole, resetOrLeave } from './damage.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import { NO_TRIGGERS, TRIGGERS } from './schema.ts'
import { INDEX_VERSION } from './version.ts'

interface Row {
  pk: number
  content: StoredText
  parts: string | null
}

/** What is not indexed yet. `messages` and `sessions` are the keys up to which all are. */
export interface State {
  version: string
  messages: number
  sessions: number
}

/** The words of a message or of a title, as the index has them. */
function wordsOf({ content, parts }: Pick<Row, 'content' | 'parts'>): string {
  const more = partText(parts)
  return more ? `${prepare(readText(content))} ¶ ${prepare(more)}` : prepare(readText(content))
}

const statements = new WeakMap<Connection, ReturnType<typeof prepareAll>>()

/** The statements of a connection, prepared once: a message of a chat is saved several times a minute. */
function statementsOf(connection: Connection) {
  const all = statements.get(connection) ?? prepareAll(connection)
  statements.set(connection, all)
  return all
}

const MESSAGE = 'select pk, content, parts from messages'
const TITLE = 'select -pk as pk, title as content, null as parts from sessions'

const prepareAll = (connection: Connection) => ({
  // What is ahead of the messages is of other ones that were there before.
  state: connection.prepare(
    `select version, messages, sessions from search_state
     where messages <= (select coalesce(max(pk), 0) from messages) and sessions <= (select coalesce(max(pk), 0) from sessions)`,
  ),
  importing: connection.prepare('select 1 from imports limit 1'),
  behind: connection.prepare(`select count(*) from (select 1 from messages where pk > ? limit ${FEW + 1})`).pluck(),
  stale: connection.prepare('select pk, content, parts from search_stale'),
  forget: connection.prepare('delete from search_stale'),
  flush: connection.prepare("insert into search_index(search_index) values ('flush')"),
  insert: connection.prepare('insert into search_index(rowid, text) values (?, ?)'),
  remove: connection.prepare("insert into search_index(search_index, rowid, text) values ('delete', ?, ?)"),
  message: connection.prepare(`${MESSAGE} where pk = ? and pk <= (select messages from search_state)`),
  title: connection.prepare(`${TITLE} where pk = -? and pk <= (select sessions from search_state)`),
  sessions: { next: connection.prepare(`${TITLE} where pk > ? order by sessions.pk limit 500`), reach: reach(connection, 'sessions') },
  messages: { next: connection.prepare(`${MESSAGE} where pk > ? order by pk limit 500`), reach: reach(connection, 'messages') },
})

const reach = (connection: Connection, table: string) => connection.prepare(`update search_state set ${table} = ?`)

/** How far the index is; undefined where it is lost. */
export function stateOf(connection: Connection): State | undefined {
  try {
    return statementsOf(connection).state.get() as State | undefined
  } catch {
    return undefined
  }
}

/** Messages that one transaction indexes beside what it is for. Where there are more, they are left to the next search. */
const FEW = 100

/**
 * Brings the index in line within a transaction. Where it is damaged, an empty one takes its place, which the next search fills: the
 * transaction has work of its own that must not be lost.
 */
export function keepUp(connection: Connection): void {
  const state = stateOf(connection)
  if (!state) return
  if (isWhole(connection)) keepUpWith(connection, state)
  else resetOrLeave(connection)
}

function keepUpWith(connection: Connection, state: State): void {
  connection.exec('savepoint search')
  try {
    if (state.version === INDEX_VERSION) bringUp(connection, state)
    // Its words are of another form, so they cannot be taken out one by one.
    else if (statementsOf(connection).stale.get()) resetOrLeave(connection)
    // FTS5 would write at the commit, where its failure would undo the work of others.
    statementsOf(connection).flush.run()
    connection.exec('release search')
  } catch (error) {
    if (!connection.inTransaction || !isDamage(error)) throw error
    connection.exec('rollback to search; release search')
    resetOrLeave(connection)
  }
}

function bringUp(connection: Connection, state: State): void {
  removeStale(connection)
  const { importing, behind } = statementsOf(connection)
  // An import is indexed at its end, in few large transactions.
  if (!importing.get() && (behind.get(state.messages) as number) <= FEW) indexSome(connection, state, Number.POSITIVE_INFINITY)
}

/** Takes changed and removed texts out of the index, and puts the changed ones in again. */
function removeStale(connection: Connection): void {
  const { stale, forget, remove, insert, message, title } = statementsOf(connection)
  const rows = stale.all() as Row[]
  for (const row of rows) {
    remove.run(row.pk, wordsOf(row))
    const now = (row.pk > 0 ? message : title).get(row.pk) as Row | undefined
    if (now) insert.run(now.pk, wordsOf(now))
  }
  if (rows.length > 0) forget.run()
}

/** Indexes what comes next, titles first, up to a number of characters; gives how far the index is then, or undefined where that was all. */
export function indexSome(connection: Connection, state: State, characters: number): State | undefined {
  const all = statementsOf(connection)
  const reached = { ...state }
  let left = characters
  for (const table of ['sessions', 'messages'] as const) {
    const { next, reach } = all[table]
    let rows = next.all(state[table]) as Row[]
    while (rows.length > 0 && left > 0) {
      for (const row of rows) {
        all.insert.run(row.pk, wordsOf(row))
        left -= row.content.length + (row.parts?.length ?? 0) + 1
        reached[table] = Math.abs(row.pk)
        if (left <= 0) break
      }
      rows = next.all(reached[table]) as Row[]
    }
    if (reached[table] !== state[table]) reach.run(reached[table])
    if (rows.length > 0) return reached
  }
  return undefined
}

const watched = new WeakSet<Connection>()

/**
 * Notes from now on which indexed texts are changed or removed on a connection. Where the index is lost there is nothing to note, and
 * triggers that name its tables would hinder the write.
 */
export function watch(connection: Connection): void {
  const isThere = stateOf(connection) !== undefined
  if (isThere === watched.has(connection)) return
  connection.exec(isThere ? TRIGGERS : NO_TRIGGERS)
  if (isThere) watched.add(connection)
  else watched.delete(connection)
}
