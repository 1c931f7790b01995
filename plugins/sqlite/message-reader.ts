import { type Message, type MessageRange, once, type Store } from 'ainative-code'
import type { Statement } from 'better-sqlite3'
import type { Connection } from './connection.ts'
import { databaseProblem } from './database-problem.ts'
import { pieceReader, withPieces } from './reply-pieces.ts'
import { fromMessageValues, keyOf, MESSAGE_COLUMNS, type MessageValues } from './rows.ts'
import { readText, type StoredText } from './schema.ts'

const FIRST_PAGE = 32
/** The target size of a page, in characters, which limits the memory for long messages. */
const PAGE_CHARS = 1_000_000

/** Creates the store's `messages` method. Its statements are prepared once, because an export runs them for every session. */
export function messageReader(connection: Connection, file: string): Store['messages'] {
  let statements: ReturnType<typeof prepare> | undefined
  return async function* (session, range = {}) {
    try {
      statements ??= prepare(connection)
      const { read } = statements
      const pk = keyOf(session) ?? statements.find(session.id)
      let after = statements.before(pk, range)
      let left = range.limit ?? Number.POSITIVE_INFINITY
      let size = Math.min(FIRST_PAGE, left)
      while (left > 0 && after !== undefined) {
        const rows = statements.page(pk, after, size, range.visible)
        if (rows.length > 0) yield rows.slice(0, left).map(read)
        if (rows.length < size) return
        left -= rows.length
        after = rows.at(-1)?.[1]
        size = nextSize(rows)
      }
    } catch (error) {
      throw databaseProblem(error, file, `session ${session.id}`)
    }
  }
}

/** Creates the store's `modelMessages` method. */
export function modelMessagesReader(connection: Connection): Store['modelMessages'] {
  return async ({ id }) => {
    const rows = connection
      .prepare(
        `select session, seq, id, role, content, state from messages
          where session = (select pk from sessions where id = ? and staged is null) and hidden is null order by seq`,
      )
      .raw()
      .all(id) as [number, number, StoredText, Message['role'], StoredText, string][]
    const pieces = once(() => pieceReader(connection))
    return rows.map(([session, seq, messageId, role, content, state]) => ({
      ...{ id: readText(messageId), role },
      ...(state === 'partial'
        ? { content: readText(content) + pieces()(session, seq).text, state: 'partial' as const }
        : { content: readText(content) }),
    }))
  }
}

/** The number of rows of the next page: a power of two, so that few different statements are prepared. */
function nextSize(rows: MessageValues[]): number {
  const chars = rows.reduce((sum, row) => sum + row[4].length, 1)
  return 2 ** Math.max(0, Math.min(8, Math.floor(Math.log2((PAGE_CHARS * rows.length) / chars))))
}

function prepare(connection: Connection) {
  const find = connection.prepare('select pk from sessions where id = ? and staged is null').pluck()
  const within = (visible = false) => `from messages where session = ?${visible ? ' and hidden is null' : ''}`
  // The limit is a literal: with a bound limit SQLite would prepare the statement again at each call.
  const sized = (size: number, visible?: boolean) =>
    `select ${MESSAGE_COLUMNS.join(', ')} ${within(visible)} and seq > ? order by seq limit ${size}`
  const pages = new Map<string, Statement>()
  const pieces = once(() => pieceReader(connection))
  return {
    read: (row: MessageValues) => (row[14] === 'partial' ? withPieces(row, pieces()) : fromMessageValues(row)),
    find: (id: string) => find.get(id) as number | undefined,
    /** Reads up to `size` messages after a seq. */
    page(pk: number | undefined, after: number, size: number, visible?: boolean): MessageValues[] {
      const key = `${size}${visible}`
      const statement = pages.get(key) ?? connection.prepare(sized(size, visible)).raw()
      pages.set(key, statement)
      return statement.all(pk, after) as MessageValues[]
    },
    /** The seq after which a range starts; undefined if the range starts after the last message. */
    before(pk: number | undefined, { skip = 0, from, before = 0, visible }: MessageRange): number | undefined {
      const pick = (rest: string, ...values: unknown[]) =>
        connection
          .prepare(`select seq ${within(visible)} ${rest} limit 1 offset ?`)
          .pluck()
          .get(pk, ...values) as number | undefined
      if (from === undefined) return skip > 0 ? pick('order by seq', skip - 1) : 0
      return before > 0 ? (pick('and seq < ? order by seq desc', from, before - 1) ?? 1) - 1 : from - 1
    },
  }
}
