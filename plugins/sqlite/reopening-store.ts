import type { OpenedDatabase } from './database.ts'
import { databaseProblem } from './database-problem.ts'
import type { SqliteStore } from './reader.ts'

/** Creates a read-only store that tries to reopen the database before each write, because the disk may have space by then. */
export function reopeningStore(
  first: SqliteStore,
  readOnlyReason: unknown,
  open: () => Promise<OpenedDatabase>,
  storeOf: (opened: OpenedDatabase) => Promise<SqliteStore>,
): SqliteStore {
  let store = first
  let reason = readOnlyReason
  const writable = async () => {
    if (!reason) return store
    const opened = await open()
    const old = store
    store = await storeOf(opened)
    reason = opened.readOnlyReason
    await old.close()
    if (reason) throw databaseProblem(reason, first.location)
    return store
  }
  return {
    location: first.location,
    idsWithPrefix: (...args) => store.idsWithPrefix(...args),
    values: (...args) => store.values(...args),
    allIds: () => store.allIds(),
    get: (id) => store.get(id),
    list: (plan) => store.list(plan),
    count: (where) => store.count(where),
    aggregate: (...args) => store.aggregate(...args),
    revision: () => store.revision(),
    messages: (...args) => store.messages(...args),
    readMessages: (id) => store.readMessages(id),
    modelMessages: (session) => store.modelMessages(session),
    save: async (changes) => (await writable()).save(changes),
    grow: async (...args) => (await writable()).grow(...args),
    import: async (mode) => (await writable()).import(mode),
    close: () => store.close(),
  }
}
