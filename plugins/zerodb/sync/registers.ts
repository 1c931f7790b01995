import { type Json, parseJson, type Session, stringifyJson } from 'ainative-code'

/** A register: a JSON text, or null where the field was removed, and the stamp of its last change. */
export interface Register {
  value: string | null
  stamp: string
}

/** The registers of a session by key. */
export type Registers = Map<string, Register>

/** Escapes a name for use in a key: well-formed text without control characters. */
export const escapeKey = (name: string) => JSON.stringify(name).slice(1, -1)
/** Reverses escapeKey. */
export const unescapeKey = (key: string): string => JSON.parse(`"${key}"`)

/** The key of the register that ends a session for ever. */
export const PURGED = 'purged'

/** The fields of a session as register values. A field that is absent or null has none. */
export function valuesOf(session: Session): Map<string, string> {
  const { parent_id: id, forked_message_id: message, tags, metadata } = session
  const fields: [string, unknown][] = [
    ['title', session.title],
    ['status', session.status],
    ['provider', session.provider],
    ['model', session.model],
    ['created_at', session.created_at],
    ['updated_at', session.updated_at],
    ['deleted_at', session.deleted_at],
    ['parent', id === undefined ? undefined : { id, message }],
    ['origin', session.origin],
    ['extra', session.extra],
    // The order of names is a register of its own, so that all devices show the same order.
    ['tags', tags.length > 1 ? tags : undefined],
    ...tags.map((tag): [string, unknown] => [`tag:${escapeKey(tag)}`, true]),
    ['meta', Object.keys(metadata).length > 1 ? Object.keys(metadata) : undefined],
  ]
  const values = new Map<string, string>()
  for (const [key, value] of fields) if (value !== undefined && value !== null) values.set(key, stringifyJson(value))
  for (const [name, value] of Object.entries(metadata)) values.set(`meta:${escapeKey(name)}`, stringifyJson(value))
  return values
}

/** The session that registers describe; `newest` is the newest stamp of its registers and messages. */
export function sessionOf(id: string, registers: Registers, newest: string): Session {
  const value = <T>(key: string): T | undefined => {
    const text = registers.get(key)?.value
    return text === undefined || text === null ? undefined : (parseJson(text) as T)
  }
  const deleted = registers.get('deleted_at')
  const parent = value<{ id: string; message?: string }>('parent')
  const created = value<string>('created_at') ?? new Date(0).toISOString()
  const session: Session = {
    id,
    title: value('title') ?? '',
    status: value('status') ?? 'active',
    provider: value('provider') ?? null,
    model: value('model') ?? null,
    tags: namesOf(registers, 'tag:', value<string[]>('tags')),
    metadata: metadataOf(registers, value<string[]>('meta')),
    message_count: 0,
    created_at: created,
    updated_at: value('updated_at') ?? created,
  }
  // A change after the delete, such as a reply that was written offline, revives the session.
  if (deleted?.value && deleted.stamp >= newest) session.deleted_at = value('deleted_at')
  if (parent) session.parent_id = parent.id
  if (parent?.message !== undefined) session.forked_message_id = parent.message
  const origin = value<Json>('origin')
  if (origin) session.origin = origin
  const extra = value<Json>('extra')
  if (extra) session.extra = extra
  return session
}

/** The names with this prefix that have a value, first those of `order`, then the others by name. */
function namesOf(registers: Registers, prefix: string, order: string[] = []): string[] {
  const names: string[] = []
  for (const [key, { value }] of registers) if (value !== null && key.startsWith(prefix)) names.push(unescapeKey(key.slice(prefix.length)))
  const places = new Map(order.map((name, i) => [name, i]))
  const place = (name: string) => places.get(name) ?? order.length
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

function metadataOf(registers: Registers, order?: string[]): Json {
  const entries = namesOf(registers, 'meta:', order).map((name) => [
    name,
    parseJson(registers.get(`meta:${escapeKey(name)}`)?.value ?? 'null'),
  ])
  // Object.fromEntries() also defines the key `__proto__`.
  return Object.fromEntries(entries)
}
