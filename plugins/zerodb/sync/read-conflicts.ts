import { type Change, isoTime, type NewMessage, parseJson, STATUSES, usage } from 'ainative-code'
import type { Connection } from '../../sqlite/index.ts'
import { localOf, readBody } from './local.ts'
import { unescapeKey } from './registers.ts'

/** A value that lost against a concurrent write of another device. */
export interface Conflict {
  n: number
  session: string
  /** The title of the session now. */
  title: string
  /** Such as `title`, `tag go`, `metadata project` or `message`. */
  field: string
  /** The id of the message. */
  message?: string
  /** The value that lost; for a message, its text. Null if the value was removed. */
  lost: unknown
  /** The value that won, in the same form. */
  kept: unknown
  found_at: string
  kind: 'r' | 'm'
  key: string
  /** The lost value, as the database stores it. */
  body: string | null
}

interface Row {
  n: number
  session: string
  kind: 'r' | 'm'
  key: string
  lost: string | null
  won: string | null
  found_at: number
}

/** Reads the conflicts of one session, or of all, the oldest first. */
export function readConflicts(connection: Connection, id: string | undefined): Conflict[] {
  const local = localOf(connection)
  const rows = connection
    .prepare('select * from sync_conflicts where ?1 is null or session = ?1 order by n')
    .all({ 1: id ?? null }) as Row[]
  return rows.map(({ n, session, kind, key, lost, won, found_at }) => {
    const pk = local.pkOf(session)?.pk
    const read = kind === 'm' ? contentOf : jsonValue
    return {
      ...{ n, session, title: (pk === undefined ? undefined : local.session(pk)?.title) ?? '', field: fieldOf(kind, key) },
      ...(kind === 'm' && { message: unescapeKey(key) }),
      ...{ lost: read(lost), kept: read(won), found_at: isoTime(found_at), kind, key, body: lost },
    }
  })
}

function fieldOf(kind: 'r' | 'm', key: string): string {
  if (kind === 'm') return 'message'
  const [prefix, name] = key.split(/:(.*)/s)
  return name === undefined ? key : `${prefix === 'tag' ? 'tag' : 'metadata'} ${unescapeKey(name)}`
}

/** Parses a JSON text. Returns the text itself if it is not JSON, for example from a newer program. */
function jsonValue(text: string | null): unknown {
  try {
    return text === null ? null : parseJson(text)
  } catch {
    return text
  }
}

const contentOf = (body: string | null) => (jsonValue(body) as Partial<NewMessage> | null)?.content ?? null

/** Returns the change that restores the lost value. Throws a Problem if a newer program wrote the value in an unknown form. */
export function changeFor({ n, session: id, kind, key, body }: Conflict): Change {
  const value = jsonValue(body)
  const [prefix, escaped] = key.split(/:(.*)/s)
  const name = unescapeKey(escaped ?? '')
  if (kind === 'm' && typeof contentOf(body) === 'string') return { id, replace: [readBody(body ?? '')] }
  if (kind === 'r' && prefix === 'tag') return value === null ? { id, removeTags: [name] } : { id, addTags: [name] }
  if (kind === 'r' && prefix === 'meta')
    return value === null ? { id, unsetMeta: [name] } : { id, setMeta: Object.fromEntries([[name, value]]) }
  const isText = typeof value === 'string'
  if (kind === 'r' && key === 'title' && isText) return { id, set: { title: value } }
  const status = STATUSES.find((each) => each === value)
  if (kind === 'r' && key === 'status' && status) return { id, set: { status } }
  if (kind === 'r' && (key === 'provider' || key === 'model') && (isText || value === null)) return { id, set: { [key]: value } }
  throw usage(`a newer version of ainative-code wrote the value ${n}`, 'install a newer version of ainative-code')
}
