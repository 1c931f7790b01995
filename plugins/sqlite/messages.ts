import { type Message, once, type Store } from 'ainative-code'
import type { Statement } from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import type { Connection } from './open.ts'
import { databaseProblem } from './problem.ts'
import { pieceReader, withPieces } from './replies.ts'
import { fromMessageValues, keyOf, MESSAGE_COLUMNS, type MessageValues } from './rows.ts'
import { readText, type Schema, type StoredText } from './schema.ts'

const FIRST_PAGE = 32
/** What a page aims at, in characters, so that long messages do not fill the memory. */
const PAGE_CHARS = 1_000_000

/** Reads a session's messages page by page, by statements prepared once: an export asks them for every session. */
export function messageReader(db: Kysely<Schema>, connection: Connection, file: string): Store['messages'] {
  let statements: ReturnType<typeof prepare> | undefined
  return async function* (session, { skip = 0, limit = Number.POSITIVE_INFINITY } = {}) {
    try {
      statements ??= prepare(db, connection)
      const { read } = statements
      const pk = keyOf(session) ?? statements.find(session.id)
      let after = skip > 0 ? statements.seqAt(pk, skip) : 0
      let size = FIRST_PAGE
      for (let left = limit; left > 0 && after !== undefined; ) {
        const rows = statements.page(pk, after, size)
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

/** Reads what was said in a session at once. */
export function saidReader(connection: Connection): Store['said'] {
  return async ({ id }) => {
    const rows = connection
      .prepare(
        `select session, seq, id, role, content, state from messages
          where session = (select pk from sessions where id = ? and staged is null) order by seq`,
      )
      .raw()
      .all(id) as [number, number, StoredText, Message['role'], StoredText, string][]
    const pieces = once(() => pieceReader(connection))
    return rows.map(([session, seq, own, role, content, state]) => ({
      ...{ id: readText(own), role },
      ...(state === 'partial'
        ? { content: readText(content) + pieces()(session, seq).text, state: 'partial' as const }
        : { content: readText(content) }),
    }))
  }
}

/** A power of two, so that few statements are prepared. */
function nextSize(rows: MessageValues[]): number {
  const chars = rows.reduce((sum, row) => sum + row[4].length, 1)
  return 2 ** Math.max(0, Math.min(8, Math.floor(Math.log2((PAGE_CHARS * rows.length) / chars))))
}

function prepare(db: Kysely<Schema>, connection: Connection) {
  const session = db.selectFrom('sessions').select('pk').where('id', '=', '').where('staged', 'is', null)
  const messages = db.selectFrom('messages').where('session', '=', 0).orderBy('seq')
  const find = connection.prepare(session.compile().sql).pluck()
  const place = connection.prepare(messages.select('seq').limit(1).offset(0).compile().sql).pluck()
  // The limit stands in the text: with a bound one SQLite prepares the statement again at each call.
  const sized = (size: number) => messages.select(MESSAGE_COLUMNS).where('seq', '>', 0).limit(sql.lit(size)).compile().sql
  const pages = new Map<number, Statement>()
  const pieces = once(() => pieceReader(connection))
  return {
    read: (row: MessageValues) => (row[14] === 'partial' ? withPieces(row, pieces()) : fromMessageValues(row)),
    find: (id: string) => find.get(id) as number | undefined,
    /** Up to `size` messages after a seq. */
    page(pk: number | undefined, after: number, size: number): MessageValues[] {
      const statement = pages.get(size) ?? connection.prepare(sized(size)).raw()
      pages.set(size, statement)
      return statement.all(pk, after) as MessageValues[]
    },
    /** The seq of the message at a place, counted from 1. */
    seqAt: (pk: number | undefined, nth: number) => place.get(pk, 1, nth - 1) as number | undefined,
  }
}
