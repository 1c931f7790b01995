import { type Json, messageRow, once, SESSION_ID, type Store } from 'ainative-code'

/** Gives session rows their `messages`. */
export interface Messages {
  /**
   * Adds `messages` to a session row: read from the database when something touches it, and not enumerable, so that a session prints as
   * its row.
   */
  add(row: Json): Json
  /** Adds `messages` to each session row within a value that came from the main process. */
  addWithin(value: unknown): void
  /** Forgets what was read when the store has changed. */
  refresh(revision: number): void
}

/** How many characters of messages are kept for later queries. */
const MAX_KEPT = 50_000_000

export function messagesOf(store: Store): Messages {
  let kept = new Map<string, Json[]>()
  let size = 0
  let current: number | undefined
  const read = (id: string): Json[] => {
    const known = kept.get(id)
    if (known) return known
    const rows = store.readMessages(id).map(messageRow)
    size += rows.reduce((sum, { content }) => sum + (content as string).length, 0)
    // JSONata adds to an empty array that it groups, so no empty one is shared.
    if (rows.length > 0 && size < MAX_KEPT) kept.set(id, rows)
    return rows
  }
  // One descriptor for all rows, so that V8 gives them one shape.
  const property = lazily(function (this: Json) {
    return read(String(this.id))
  })
  const add = (row: Json) => Object.defineProperty(row, 'messages', property)
  return {
    add,
    addWithin: (value) => eachObject(value, (each) => isBareSession(each) && add(each)),
    refresh(revision) {
      if (revision === current) return
      current = revision
      kept = new Map()
      size = 0
    },
  }
}

/** A property that is read when touched; a value that is assigned takes its place and is printed. */
const lazily = (get: (this: Json) => unknown): PropertyDescriptor & ThisType<Json> => ({
  configurable: true,
  enumerable: false,
  get,
  set(value) {
    Object.defineProperty(this, 'messages', { value, configurable: true, enumerable: true, writable: true })
  },
})

/** Whether `messages` of this object would be read from the database. */
export const hasLazyMessages = (value: object) => Object.getOwnPropertyDescriptor(value, 'messages')?.get !== undefined

const isBareSession = (value: Json) =>
  SESSION_ID.test(String(value.id)) && typeof value.message_count === 'number' && !Object.hasOwn(value, 'messages')

/** Gives `to` the messages of the session row `from`. */
export const shareMessages = (from: Json, to: Json) =>
  Object.defineProperty(
    to,
    'messages',
    lazily(() => from.messages),
  )

/** Gives the session rows within a copy messages of their own, so that a change of the copy changes nothing else. */
export function copyMessages(from: unknown, to: unknown): void {
  if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) return
  if (hasLazyMessages(from)) {
    const own = once(() => structuredClone((from as Json).messages))
    Object.defineProperty(to, 'messages', lazily(own))
  }
  if (Array.isArray(from)) from.forEach((each, i) => void copyMessages(each, (to as unknown[])[i]))
  else for (const [key, value] of Object.entries(from)) copyMessages(value, (to as Json)[key])
}

function eachObject(value: unknown, act: (value: Json) => void, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (!Array.isArray(value)) act(value as Json)
  for (const each of Object.values(value)) eachObject(each, act, seen)
}
