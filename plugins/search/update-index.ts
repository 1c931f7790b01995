import { codeOf, type Host, once, Problem, type Watcher } from 'ainative-code'
import { type Access, accessTo, type Connection, yieldToEvents } from '../sqlite/index.ts'
import { createEmptyIndex, isDamage } from './index-damage.ts'
import { INDEX_VERSION } from './index-version.ts'
import { indexSome, readState, type State } from './index-writer.ts'

/** The number of characters to index per transaction. Other writers wait for one transaction; Ctrl-C takes effect between two. */
const BATCH = 4_000_000

/** The state of an empty index. */
const EMPTY: State = { version: '', messages: 0, sessions: 0 }

/**
 * Indexes all pending messages and titles. Returns undefined if the index is complete. If the database cannot be written, because of a
 * full disk or a lock, returns the state of the incomplete index. Rejects after an abort; the next search continues.
 */
export async function updateIndex(access: Access, { progress, signal }: Watcher, batch = BATCH): Promise<State | undefined> {
  const { connection, write } = access
  if (isComplete(connection)) return undefined
  if (connection.memory) return indexInMemory(connection)
  if (connection.readonly) return usableState(connection)
  const total = once(() => lastKey(connection, 'messages'))
  try {
    for (let repaired = false; ; ) {
      await yieldToEvents()
      signal.throwIfAborted()
      try {
        const reached = await write(async () => indexBatch(connection, batch))
        if (!reached) return undefined
        progress(`indexing messages: ${Math.floor((100 * reached.messages) / Math.max(1, total()))} %`)
      } catch (error) {
        if (repaired || !isDamage(error)) throw error
        repaired = true
        await emptyIndex(access)
      }
    }
  } catch (error) {
    if (error instanceof Problem || !codeOf(error)?.startsWith('SQLITE_')) throw error
    return usableState(connection)
  } finally {
    progress('')
  }
}

/** Empties the index, so that the next update rebuilds it. */
export const emptyIndex = ({ connection, write }: Access): Promise<void> => write(async () => createEmptyIndex(connection))

function indexBatch(connection: Connection, batch: number): State | undefined {
  const state = readState(connection)
  if (state?.version !== INDEX_VERSION) createEmptyIndex(connection)
  return indexSome(connection, readState(connection) ?? EMPTY, batch)
}

/** The maximum number of characters to index for a database that is a copy in memory; each command indexes its copy again. */
const MAX_IN_MEMORY = 50_000_000

/** Updates the index of a copy in memory, which exists because the database file cannot be written. */
function indexInMemory(connection: Connection): State | undefined {
  connection.pragma('query_only = off')
  try {
    if (usableState(connection) === EMPTY) createEmptyIndex(connection)
    return indexSome(connection, usableState(connection), MAX_IN_MEMORY)
  } finally {
    connection.pragma('query_only = on')
  }
}

function usableState(connection: Connection): State {
  const state = readState(connection)
  return state?.version === INDEX_VERSION ? state : EMPTY
}

const lastKey = (connection: Connection, table: string) =>
  connection.prepare(`select coalesce(max(pk), 0) from ${table}`).pluck().get() as number

/** True if all messages and titles are indexed. */
export function isComplete(connection: Connection): boolean {
  const state = readState(connection)
  if (state?.version !== INDEX_VERSION) return false
  return state.messages >= lastKey(connection, 'messages') && state.sessions >= lastKey(connection, 'sessions')
}

/** Indexes imported messages. Ignores Problems and aborts, because the next search continues. */
export async function updateAfterImport(host: Host, watcher: Watcher): Promise<void> {
  const access = await accessTo(host)
  try {
    if (access) await updateIndex(access, watcher)
  } catch (error) {
    if (!(error instanceof Problem || watcher.signal.aborted)) throw error
  }
}
