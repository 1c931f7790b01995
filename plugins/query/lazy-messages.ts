import { type Json, messageRow, once, SESSION_ID, type Store } from 'ainative-code'

/** Adds `messages` to session rows. */
export interface Messages {
  /**
   * Adds the property `messages` to a session row. Its getter reads the messages from the database. The property is not enumerable, so
   * that printing a row does not print its messages.
   */
  add(row: Json): Json
  /** Adds `messages` to each session row in a value from the main process. */
  addWithin(value: unknown): void
  /** Empties the cache if the revision of the store has changed. */
  refresh(revision: number): void
}

/** The maximum number of characters of messages to cache for later queries. */
const MAX_CACHED = 50_000_000

/** Creates the Messages of a store. */
export function messagesOf(store: Store): Messages {
  let cache = new Map<string, Json[]>()
  let size = 0
  let cachedRevision: number | undefined
  const read = (id: string): Json[] => {
    const cached = cache.get(id)
    if (cached) return cached
    const rows = store.readMessages(id).map(messageRow)
    size += rows.reduce((sum, { content }) => sum + (content as string).length, 0)
    // JSONata may append to an empty array when it groups, so an empty array must not be shared.
    if (rows.length > 0 && size < MAX_CACHED) cache.set(id, rows)
    return rows
  }
  // All rows share one descriptor, so that they have the same hidden class in V8.
  const property = lazyProperty(function (this: Json) {
    return read(String(this.id))
  })
  const add = (row: Json) => Object.defineProperty(row, 'messages', property)
  return {
    add,
    addWithin: (value) => eachObject(value, (each) => isBareSession(each) && add(each)),
    refresh(revision) {
      if (revision === cachedRevision) return
      cachedRevision = revision
      cache = new Map()
      size = 0
    },
  }
}

/** Creates the descriptor of a lazy property. Assigning a value replaces the getter and makes the property enumerable. */
const lazyProperty = (get: (this: Json) => unknown): PropertyDescriptor & ThisType<Json> => ({
  configurable: true,
  enumerable: false,
  get,
  set(value) {
    Object.defineProperty(this, 'messages', { value, configurable: true, enumerable: true, writable: true })
  },
})

/** True if the messages of this object are read from the database on access. */
export const hasLazyMessages = (value: object) => Object.getOwnPropertyDescriptor(value, 'messages')?.get !== undefined

const isBareSession = (value: Json) =>
  SESSION_ID.test(String(value.id)) && typeof value.message_count === 'number' && !Object.hasOwn(value, 'messages')

/** Adds the messages of the session row `from` to the object `to`. */
export const shareMessages = (from: Json, to: Json) =>
  Object.defineProperty(
    to,
    'messages',
    lazyProperty(() => from.messages),
  )

/** Adds copies of the messages to the session rows in a copied value, so that changes do not affect the original. */
export function copyMessages(from: unknown, to: unknown): void {
  if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) return
  if (hasLazyMessages(from)) {
    const readCopy = once(() => structuredClone((from as Json).messages))
    Object.defineProperty(to, 'messages', lazyProperty(readCopy))
  }
  if (Array.isArray(from)) from.forEach((each, i) => void copyMessages(each, (to as unknown[])[i]))
  else for (const [key, value] of Object.entries(from)) copyMessages(value, (to as Json)[key])
}

function eachObject(value: unknown, visit: (value: Json) => void, visited = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || visited.has(value)) return
  visited.add(value)
  if (!Array.isArray(value)) visit(value as Json)
  for (const each of Object.values(value)) eachObject(each, visit, visited)
}
