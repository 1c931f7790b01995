import type { Opened } from './database.ts'
import { databaseProblem } from './problem.ts'
import type { SqliteStore } from './reads.ts'

/** A store that can only be read. Before each write it opens the database anew: the disk may have room by now. */
export function reopening(
  first: SqliteStore,
  limit: unknown,
  open: () => Promise<Opened>,
  storeOf: (opened: Opened) => Promise<SqliteStore>,
): SqliteStore {
  let store = first
  let reason = limit
  const writable = async () => {
    if (!reason) return store
    const opened = await open()
    const old = store
    store = await storeOf(opened)
    reason = opened.limit
    await old.close()
    if (reason) throw databaseProblem(reason, first.location)
    return store
  }
  return {
    location: first.location,
    idsWithPrefix: (...given) => store.idsWithPrefix(...given),
    values: (...given) => store.values(...given),
    allIds: () => store.allIds(),
    get: (id) => store.get(id),
    list: (plan) => store.list(plan),
    count: (where) => store.count(where),
    aggregate: (...given) => store.aggregate(...given),
    revision: () => store.revision(),
    messages: (...given) => store.messages(...given),
    readMessages: (id) => store.readMessages(id),
    said: (session) => store.said(session),
    save: async (changes) => (await writable()).save(changes),
    grow: async (...given) => (await writable()).grow(...given),
    import: async (mode) => (await writable()).import(mode),
    close: () => store.close(),
  }
}
