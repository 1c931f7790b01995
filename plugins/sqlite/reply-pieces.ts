import { type Piece, Problem } from 'ainative-code'
import { BUSY_MS, type Connection } from './connection.ts'
import { NOT_WRITTEN, UNCERTAIN } from './database-problem.ts'
import { incrementStamp } from './database-stamp.ts'
import { heartbeat } from './heartbeat.ts'
import type { Identity } from './identity.ts'
import { fromMessageValues, MESSAGE_COLUMNS, type MessageValues } from './rows.ts'
import { readText, type StoredText, storeText } from './schema.ts'

type Kind = 'text' | 'reasoning'

/** Creates the store's `grow` method. Each piece is a separate row: rewriting a growing text would take quadratic time. */
export function replyWriter(connection: Connection, identity: Identity): (session: string, message: string, piece: Piece) => void {
  let statements: ReturnType<typeof prepare> | undefined
  return (session, message, piece) => {
    identity.check(NOT_WRITTEN)
    statements ??= prepare(connection)
    // A stream must not wait for another writer. If the database is locked, the caller retries.
    connection.pragma('busy_timeout = 0')
    try {
      statements.grow.immediate(session, message, piece)
    } finally {
      connection.pragma(`busy_timeout = ${BUSY_MS}`)
    }
    identity.check(UNCERTAIN)
  }
}

function prepare(connection: Connection) {
  const find = connection
    .prepare(
      `select pk from messages where id = ? and state = 'partial'
        and session = (select pk from sessions where id = ? and staged is null) order by seq desc limit 1`,
    )
    .pluck()
  const beat = connection.prepare('insert or replace into replies (message, pid, host, beat_at) values (?, @pid, @host, @beat_at)')
  const add = connection.prepare(
    'insert into chunks (message, n, kind, text) values (@pk, (select coalesce(max(n), 0) + 1 from chunks where message = @pk), @kind, @text)',
  )
  const grow = connection.transaction((session: string, message: string, piece: Piece) => {
    incrementStamp(connection)
    const pk = find.get(storeText(message), session)
    if (pk === undefined) throw new Problem('no-message', `the unfinished reply in session ${session} no longer exists`)
    beat.run(pk, heartbeat())
    for (const kind of ['reasoning', 'text'] as Kind[]) if (piece[kind]) add.run({ pk, kind, text: storeText(piece[kind]) })
  })
  return { grow }
}

/** Creates a function that reads the joined pieces of the partial message at a seq of a session. */
export function pieceReader(connection: Connection): (session: number, seq: number) => { reasoning: string; text: string } {
  const pieces = connection.prepare(
    'select kind, text from messages m join chunks c on c.message = m.pk where session = ? and seq = ? order by n',
  )
  return (session, seq) => {
    const read = { reasoning: '', text: '' }
    for (const { kind, text } of pieces.all(session, seq) as { kind: Kind; text: StoredText }[]) read[kind] += readText(text)
    return read
  }
}

/** Converts a row to a message; appends the pieces of a partial message. */
export function withPieces(row: MessageValues, read: (session: number, seq: number) => { reasoning: string; text: string }) {
  const message = fromMessageValues(row)
  if (message.state !== 'partial') return message
  const { reasoning, text } = read(row[0], row[1])
  if (text) message.content += text
  const parts = reasoning ? growParts(message.parts ?? [], reasoning, text) : message.parts
  return parts ? { ...message, parts } : message
}

/** Appends reasoning and text to the parts of a reply. */
function growParts(parts: unknown[], reasoning: string, text: string): unknown[] {
  return growPart(growPart(parts, 'reasoning', reasoning), 'text', text)
}

function growPart(parts: unknown[], type: Kind, added: string): unknown[] {
  if (!added) return parts
  const at = parts.findIndex((part) => (part as { type?: unknown } | null)?.type === type)
  if (at < 0) return [...parts, { type, text: added }]
  const part = parts[at] as { text: string }
  return parts.with(at, { ...part, text: part.text + added })
}

/** Creates a function that finds a message by its key, with its pieces and the id of its session. */
export function messageFinder(
  connection: Connection,
): (pk: number) => { session: string; message: ReturnType<typeof withPieces> } | undefined {
  const find = connection.prepare(`select ${MESSAGE_COLUMNS.join(', ')} from messages where pk = ?`).raw()
  const session = connection.prepare('select id from sessions where pk = ?').pluck()
  const read = pieceReader(connection)
  return (pk) => {
    const row = find.get(pk) as MessageValues | undefined
    return row && { session: session.get(row[0]) as string, message: withPieces(row, read) }
  }
}
