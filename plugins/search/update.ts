import { codeOf, type Host, once, Problem, type Watcher } from 'ainative-code'
import { type Access, accessTo, type Connection } from '../sqlite/index.ts'
import { isDamage, reset } from './damage.ts'
import { indexSome, type State, stateOf } from './keep.ts'
import { INDEX_VERSION } from './version.ts'

/** Characters that are indexed in one transaction: other writers wait for one, and Ctrl-C is heard between two. */
const BATCH = 4_000_000

/** An index that has nothing. */
const NOTHING: State = { version: '', messages: 0, sessions: 0 }

/**
 * Indexes all that is not indexed yet. Gives undefined where that is done, and how far the index is where the database cannot be written
 * now: the disk may be full, or another process may have locked it. The signal ends the work, and the next search goes on with it.
 */
export async function bringUpToDate(access: Access, { progress, signal }: Watcher, batch = BATCH): Promise<State | undefined> {
  const { connection, write } = access
  if (isComplete(connection)) return undefined
  if (connection.memory) return indexInMemory(connection)
  if (connection.readonly) return usableState(connection)
  const total = once(() => lastOf(connection, 'messages'))
  try {
    for (let repaired = false; ; ) {
      // better-sqlite3 never waits, so a signal would not be heard.
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      try {
        const reached = await write(async () => step(connection, batch))
        if (!reached) return undefined
        progress(`indexing messages for the search: ${Math.floor((100 * reached.messages) / Math.max(1, total()))} %`)
      } catch (error) {
        if (repaired || !isDamage(error)) throw error
        repaired = true
        await rebuild(access)
      }
    }
  } catch (error) {
    if (error instanceof Problem || !codeOf(error)?.startsWith('SQLITE_')) throw error
    return usableState(connection)
  } finally {
    progress('')
  }
}

/** Empties the index, so that the next update makes it anew. */
export const rebuild = ({ connection, write }: Access): Promise<void> => write(async () => reset(connection))

function step(connection: Connection, batch: number): State | undefined {
  const state = stateOf(connection)
  if (state?.version !== INDEX_VERSION) reset(connection)
  return indexSome(connection, stateOf(connection) ?? NOTHING, batch)
}

/** Characters that are indexed anew at each command where the database is a copy in memory. */
const MOST_IN_MEMORY = 50_000_000

/** A database that cannot be written is read from a copy in memory, which may be changed. */
function indexInMemory(connection: Connection): State | undefined {
  connection.pragma('query_only = off')
  try {
    if (usableState(connection) === NOTHING) reset(connection)
    return indexSome(connection, usableState(connection), MOST_IN_MEMORY)
  } finally {
    connection.pragma('query_only = on')
  }
}

function usableState(connection: Connection): State {
  const state = stateOf(connection)
  return state?.version === INDEX_VERSION ? state : NOTHING
}

const lastOf = (connection: Connection, table: string) =>
  connection.prepare(`select coalesce(max(pk), 0) from ${table}`).pluck().get() as number

export function isComplete(connection: Connection): boolean {
  const state = stateOf(connection)
  if (state?.version !== INDEX_VERSION) return false
  return state.messages >= lastOf(connection, 'messages') && state.sessions >= lastOf(connection, 'sessions')
}

/** Indexes what was imported. Nothing of it is lost where that fails: the next search goes on. */
export async function afterImport(host: Host, watcher: Watcher): Promise<void> {
  const access = await accessTo(host)
  try {
    if (access) await bringUpToDate(access, watcher)
  } catch (error) {
    if (!(error instanceof Problem || watcher.signal.aborted)) throw error
  }
}
