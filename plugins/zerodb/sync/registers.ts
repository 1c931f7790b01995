import { isoTime, type Json, parseJson, type Session, STATUSES, stringifyJson } from 'ainative-code'

/** A register: a JSON text, or null where the field was removed, and the stamp of its last change. */
export interface Register {
  value: string | null
  stamp: string
}

/** The registers of a session by key. */
export type Registers = Map<string, Register>

/** Escapes a name for use in a key: well-formed text without control characters. */
export const escapeKey = (name: string) => JSON.stringify(name).slice(1, -1)
/** Reverses escapeKey. Returns a key that is not escaped unchanged. */
export function unescapeKey(key: string): string {
  const name = parsed(`"${key}"`)
  return isText(name) ? name : key
}

/** The key of the register of a purged session. Nothing can restore the session. */
export const PURGED = 'purged'
/**
 * The key of the register that withdraws a session to one device. The server and all other devices remove registers and messages with
 * older stamps. If there are newer ones, the session is synced again.
 */
export const WITHDRAWN = 'withdrawn'

/** True if the registers describe a session, and not only its end. */
export const isLive = (registers: Registers) =>
  [...registers.keys()].some((key) => key !== PURGED && key !== WITHDRAWN && !isKeyRegister(key))

const KEY =
  /^(title|status|provider|model|created_at|updated_at|deleted_at|parent|origin|extra|tags|meta|purged|withdrawn|(tag|meta|key):.*)$/s

/** True if this program understands the register. */
export const isKnownKey = (key: string) => KEY.test(key)

/** The prefix of a register that holds an encryption key of the session. The id of the encryption key follows. */
export const KEY_PREFIX = 'key:'

/** True for a register that holds an encryption key of the session. */
export const isKeyRegister = (key: string) => key.startsWith(KEY_PREFIX)

/** Converts the fields of a session to register values. An absent field, or null, has no value. */
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
    // The order of names has a separate register, so that all devices show the same order.
    ['tags', tags.length > 1 ? tags : undefined],
    ...tags.map((tag): [string, unknown] => [`tag:${escapeKey(tag)}`, true]),
    ['meta', Object.keys(metadata).length > 1 ? Object.keys(metadata) : undefined],
  ]
  const values = new Map<string, string>()
  for (const [key, value] of fields) if (value !== undefined && value !== null) values.set(key, stringifyJson(value))
  for (const [name, value] of Object.entries(metadata)) values.set(`meta:${escapeKey(name)}`, stringifyJson(value))
  return values
}

/**
 * Converts registers to a session. `newest` is the newest stamp of its registers and messages. A value of an unknown form, for example of
 * a newer version, counts as absent. Its register does not change.
 */
export function sessionOf(id: string, registers: Registers, newest: string): Session {
  const value = <T>(key: string, fits: (value: unknown) => value is T): T | undefined => {
    const found = parsed(registers.get(key)?.value)
    return fits(found) ? found : undefined
  }
  // Times get the form of the store: a time that another program wrote in another form must not count as a change.
  const time = (key: string) => {
    const found = value(key, isDate)
    return found === undefined ? undefined : isoTime(Date.parse(found))
  }
  const deleted = registers.get('deleted_at')
  const deletedAt = time('deleted_at')
  const parent = value('parent', isParent)
  const [origin, extra] = [value('origin', isObject), value('extra', isObject)]
  const created = time('created_at') ?? isoTime(0)
  return {
    id,
    title: value('title', isText) ?? '',
    status: value('status', isStatus) ?? 'active',
    provider: value('provider', isText) ?? null,
    model: value('model', isText) ?? null,
    tags: namesOf(registers, 'tag:', value('tags', isTexts)),
    metadata: metadataOf(registers, value('meta', isTexts)),
    message_count: 0,
    created_at: created,
    updated_at: time('updated_at') ?? created,
    // A change after the delete, such as a reply that was written offline, restores the session.
    ...(deletedAt !== undefined && (deleted?.stamp ?? '') >= newest && { deleted_at: deletedAt }),
    ...(parent && { parent_id: parent.id, ...(parent.message !== undefined && { forked_message_id: parent.message }) }),
    ...(origin && { origin }),
    ...(extra && { extra }),
  }
}

function parsed(text: string | null | undefined): unknown {
  try {
    return typeof text === 'string' ? parseJson(text) : undefined
  } catch {
    return undefined
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isDate = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value))
const isStatus = (value: unknown): value is Session['status'] => (STATUSES as readonly unknown[]).includes(value)
const isParent = (value: unknown): value is { id: string; message?: string } =>
  isObject(value) && isText(value.id) && (value.message === undefined || isText(value.message))

/** Returns the names with this prefix that have a value: first the names in `order`, then the others by name. */
function namesOf(registers: Registers, prefix: string, order: string[] = []): string[] {
  const names: string[] = []
  for (const [key, { value }] of registers)
    if (key.startsWith(prefix) && parsed(value) !== undefined) names.push(unescapeKey(key.slice(prefix.length)))
  const places = new Map(order.map((name, i) => [name, i]))
  const place = (name: string) => places.get(name) ?? order.length
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

function metadataOf(registers: Registers, order?: string[]): Json {
  const entries = namesOf(registers, 'meta:', order).map((name) => [name, parsed(registers.get(`meta:${escapeKey(name)}`)?.value)])
  // Object.fromEntries() also defines the key `__proto__`.
  return Object.fromEntries(entries)
}
