import { type Connection, readText, type StoredText } from '../sqlite/index.ts'
import { createOrClearIndex, hasAllTables, isDamage } from './index-damage.ts'
import { INDEX_VERSION } from './index-version.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import { DROP_TRIGGERS, TRIGGERS } from './schema.ts'

interface Row {
  pk: number
  content: StoredText
  parts: string | null
}

/** The state of the index. All messages and sessions up to the keys `messages` and `sessions` are indexed. */
export interface State {
  version: string
  messages: number
  sessions: number
}

/** The text of a message or title in the form of the index. */
function indexedText({ content, parts }: Pick<Row, 'content' | 'parts'>): string {
  const more = partText(parts)
  return more ? `${prepare(readText(content))} ¶ ${prepare(more)}` : prepare(readText(content))
}

const statements = new WeakMap<Connection, ReturnType<typeof prepareAll>>()

/** The statements of a connection, prepared once because every write transaction uses them. */
function statementsOf(connection: Connection) {
  const all = statements.get(connection) ?? prepareAll(connection)
  statements.set(connection, all)
  return all
}

const MESSAGE = 'select pk, content, parts from messages'
const TITLE = 'select -pk as pk, title as content, null as parts from sessions'

const prepareAll = (connection: Connection) => ({
  // If the state is larger than the last key, the index contains messages that no longer exist, and is unusable.
  state: connection.prepare(
    `select version, messages, sessions from search_state
     where messages <= (select coalesce(max(pk), 0) from messages) and sessions <= (select coalesce(max(pk), 0) from sessions)`,
  ),
  importing: connection.prepare('select 1 from imports limit 1'),
  behind: connection.prepare(`select count(*) from (select 1 from messages where pk > ? limit ${MAX_INLINE + 1})`).pluck(),
  stale: connection.prepare('select pk, content, parts from search_stale'),
  forget: connection.prepare('delete from search_stale'),
  flush: connection.prepare("insert into search_index(search_index) values ('flush')"),
  insert: connection.prepare('insert into search_index(rowid, text) values (?, ?)'),
  remove: connection.prepare("insert into search_index(search_index, rowid, text) values ('delete', ?, ?)"),
  message: connection.prepare(`${MESSAGE} where pk = ? and pk <= (select messages from search_state)`),
  title: connection.prepare(`${TITLE} where pk = -? and pk <= (select sessions from search_state)`),
  sessions: {
    next: connection.prepare(`${TITLE} where pk > ? order by sessions.pk limit 500`),
    storeProgress: prepareProgress(connection, 'sessions'),
  },
  messages: {
    next: connection.prepare(`${MESSAGE} where pk > ? order by pk limit 500`),
    storeProgress: prepareProgress(connection, 'messages'),
  },
})

const prepareProgress = (connection: Connection, table: string) => connection.prepare(`update search_state set ${table} = ?`)

/** Reads the state of the index; undefined if the index is missing or unusable. */
export function readState(connection: Connection): State | undefined {
  try {
    return statementsOf(connection).state.get() as State | undefined
  } catch {
    return undefined
  }
}

/** The maximum number of messages that a write transaction indexes. If more messages are pending, the next search indexes them. */
const MAX_INLINE = 100

/**
 * Updates the index with the changes of the current transaction. A damaged index is replaced with an empty one, which the next search
 * fills, because the index must never make the transaction fail.
 */
export function indexChanges(connection: Connection): void {
  const state = readState(connection)
  if (!state) return
  if (hasAllTables(connection)) indexChangesOf(connection, state)
  else createOrClearIndex(connection)
}

function indexChangesOf(connection: Connection, state: State): void {
  connection.exec('savepoint search')
  try {
    if (state.version === INDEX_VERSION) indexNewTexts(connection, state)
    // Another version of the program built the index with other words, so changed texts cannot be removed from the index.
    else if (statementsOf(connection).stale.get()) createOrClearIndex(connection)
    // Without the flush FTS5 would write at the commit, and an error there would roll back the whole transaction.
    statementsOf(connection).flush.run()
    connection.exec('release search')
  } catch (error) {
    if (!connection.inTransaction || !isDamage(error)) throw error
    connection.exec('rollback to search; release search')
    createOrClearIndex(connection)
  }
}

function indexNewTexts(connection: Connection, state: State): void {
  removeStale(connection)
  const { importing, behind } = statementsOf(connection)
  // An import is indexed after its commit, in a few large transactions.
  if (!importing.get() && (behind.get(state.messages) as number) <= MAX_INLINE) indexSome(connection, state, Number.POSITIVE_INFINITY)
}

/** Removes changed and deleted texts from the index, and adds the new form of the changed ones. */
function removeStale(connection: Connection): void {
  const { stale, forget, remove, insert, message, title } = statementsOf(connection)
  const rows = stale.all() as Row[]
  for (const row of rows) {
    remove.run(row.pk, indexedText(row))
    const now = (row.pk > 0 ? message : title).get(row.pk) as Row | undefined
    if (now) insert.run(now.pk, indexedText(now))
  }
  if (rows.length > 0) forget.run()
}

/** Indexes pending titles and then messages, up to a number of characters. Returns the new state, or undefined if everything is indexed. */
export function indexSome(connection: Connection, state: State, characters: number): State | undefined {
  const all = statementsOf(connection)
  const progress = { ...state }
  let left = characters
  for (const table of ['sessions', 'messages'] as const) {
    const { next, storeProgress } = all[table]
    let rows = next.all(state[table]) as Row[]
    while (rows.length > 0 && left > 0) {
      for (const row of rows) {
        all.insert.run(row.pk, indexedText(row))
        left -= row.content.length + (row.parts?.length ?? 0) + 1
        progress[table] = Math.abs(row.pk)
        if (left <= 0) break
      }
      rows = next.all(progress[table]) as Row[]
    }
    if (progress[table] !== state[table]) storeProgress.run(progress[table])
    if (rows.length > 0) return progress
  }
  return undefined
}

const connectionsWithTriggers = new WeakSet<Connection>()

/**
 * Creates the temporary triggers of a connection, which record the changed and deleted texts that are in the index. If the index is
 * missing, removes the triggers: their tables are missing too, so every write would fail.
 */
export function setTriggers(connection: Connection): void {
  const hasIndex = readState(connection) !== undefined
  if (hasIndex === connectionsWithTriggers.has(connection)) return
  connection.exec(hasIndex ? TRIGGERS : DROP_TRIGGERS)
  if (hasIndex) connectionsWithTriggers.add(connection)
  else connectionsWithTriggers.delete(connection)
}
